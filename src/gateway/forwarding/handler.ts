import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, HotHandler, Identify } from '../../http/index.ts';
import { maySee } from '../../http/index.ts';
import type { RefusalReason, RequestTracing } from '../../ports/index.ts';
import type { Router } from '../../routing/index.ts';
import type { ClientError, ClientWire } from './errors.ts';
import { POD_HEADER } from './answer-headers.ts';
import { apiAt } from './apis.ts';
import type { Api, FoundApi } from './apis.ts';
import { forward } from './forward.ts';
import type { ForwardEnd, ForwardParts } from './forward.ts';
import { holdBytes } from './pod-load.ts';
import type { BodyHold, PodLoad } from './pod-load.ts';
import { readBody } from './read-body.ts';
import type { ReadBody } from './read-body.ts';
import { readRequest } from './read-request.ts';
import type { ClientRequest } from './read-request.ts';
import { createRefusals } from './refusals.ts';
import type { Refusals } from './refusals.ts';
import { sendError } from './send-error.ts';
import { createTrace } from './trace.ts';

export interface ForwardingOptions extends ForwardParts {
  readonly router: Router;
  /** Names of groups, and aliases of such, that the router does not know because no deployment of the group can be called. */
  readonly uncallable: ReadonlyMap<string, { readonly group: string; readonly why: string }>;
  readonly identify: Identify;
  readonly load: PodLoad;
  readonly limits: ForwardingLimits;
  readonly tracing: RequestTracing;
  /** A new id of a request. */
  readonly newCallId: () => string;
}

/** Limits that protect the pod. */
export interface ForwardingLimits {
  /** Larger bodies are answered with 413. */
  readonly maxBodyBytes: number;
  /** Further requests are answered with 503. */
  readonly maxInFlight: number;
  /** Bytes of bodies of all requests; a body beyond them is answered with 503. */
  readonly maxBufferedBytes: number;
}

/** Answers every endpoint that asks a model, past the router of the other routes. */
export function createForwarding(options: ForwardingOptions): HotHandler {
  const { limits, identify, load, podName } = options;
  const refusals = createRefusals(options);

  const answer = async (
    incoming: IncomingMessage,
    one: Pick<OneRequest, 'outgoing' | 'found' | 'caller'>,
  ): Promise<boolean> => {
    const hold = holdBytes(load, limits.maxBufferedBytes);
    load.inFlight += 1;
    try {
      await answerOne(incoming, { ...one, hold, refusals, options });
    } finally {
      load.inFlight -= 1;
      hold.release();
    }
    return true;
  };
  return (incoming, outgoing) => {
    if (incoming.method !== 'POST') return false;
    const found = apiAt(pathOf(incoming));
    if (found === undefined) return false;
    const { wire } = found.api;
    const admitted = admit(identify({ get: (name) => textOf(incoming.headers[name]) }));
    if (admitted.kind === 'refused') {
      refusals.count(admitted.reason);
      return refuse(incoming, outgoing, { wire, error: admitted.error, podName });
    }
    if (load.inFlight >= limits.maxInFlight) {
      refusals.count('in-flight');
      return refuse(incoming, outgoing, { wire, error: overloaded(limits), podName });
    }
    const { caller } = admitted;
    return answer(incoming, { outgoing, found, caller });
  };
}

interface OneRequest {
  readonly outgoing: ServerResponse;
  readonly found: FoundApi;
  readonly caller: Caller;
  readonly hold: BodyHold;
  readonly refusals: Refusals;
  readonly options: ForwardingOptions;
}

async function answerOne(incoming: IncomingMessage, one: OneRequest): Promise<void> {
  const { outgoing, found, caller, hold, refusals, options } = one;
  const { api } = found;
  const { limits, router, clock } = options;
  const arrivedMs = clock.monotonicMs();
  const body = await readBody(incoming, limits.maxBodyBytes, hold);
  if (body.kind !== 'whole') {
    refuseBody(incoming, body.kind, one);
    return;
  }
  const contentType = incoming.headers['content-type'] ?? 'application/json';
  const tags = tagsIn(incoming.headers['x-litellm-tags']);
  const read = readRequest({ api, bytes: body.bytes, contentType, model: found.model, tags });
  if (read.kind === 'invalid') {
    refusals.count('malformed');
    const error = badRequest(read.message, read.param);
    sendError(outgoing, { wire: api.wire, error, headers: { [POD_HEADER]: options.podName } });
    return;
  }
  const { request } = read;
  const plan = router.plan({
    model: request.model,
    stream: request.stream,
    tags: request.tags,
    deadlineMs: arrivedMs + (request.timeoutMs ?? Number.POSITIVE_INFINITY),
    inputTokens: Math.ceil(body.bytes.length / BYTES_PER_TOKEN),
    mayUse: (group) => maySee(caller, group),
    serves: (id, model) => options.deployments.get(id)?.callFor(api.name, model) !== undefined,
  });
  if (plan === 'unknown-model') {
    refuseModel(incoming, request, one);
    return;
  }
  const callId = options.newCallId();
  const trace = createTrace({ callId, group: plan.group, podName: options.podName }, options.logger);
  const passedHeaders = passedOn(api, incoming);
  const span = options.tracing.begin({
    api: api.name,
    model: request.model,
    stream: request.stream,
    callId,
    header: (name) => textOf(incoming.headers[name]) ?? undefined,
  });
  const given = { api, request, plan, outgoing, caller, callId, contentType, passedHeaders, trace, span };
  const startedMs = clock.monotonicMs();
  let ended: ForwardEnd = { outcome: 'failed', status: 500, attempts: 0 };
  try {
    ended = await forward(given, options);
  } finally {
    span?.end({ ...ended, group: plan.group });
  }
  const { outcome, status, firstByteMs, attempts, gaveUp } = ended;
  if (gaveUp === 'over-limit') one.refusals.overLimit(plan.group);
  const endedMs = clock.monotonicMs();
  const metrics = options.metrics.group(plan.group);
  metrics.ended({ outcome, status }, endedMs - arrivedMs);
  if (gaveUp === 'over-limit' || gaveUp === 'no-deployment') metrics.unplaced(gaveUp);
  if (firstByteMs !== undefined) metrics.firstByte(startedMs - arrivedMs + firstByteMs);
  if (attempts > 1 && outcome === 'answered') metrics.failedOver();
  trace.end({ outcome, status });
}

function refuseBody(incoming: IncomingMessage, kind: Exclude<ReadBody['kind'], 'whole'>, one: OneRequest): void {
  const { outgoing, found, refusals, options } = one;
  const { wire } = found.api;
  refusals.count(kind === 'no-room' ? 'buffered-bytes' : kind);
  if (kind === 'client-left') return;
  const error = kind === 'no-room' ? noRoom(options.limits) : tooLarge(options.limits);
  refuse(incoming, outgoing, { wire, error, podName: options.podName });
}

function refuseModel(incoming: IncomingMessage, request: ClientRequest, one: OneRequest): void {
  const { outgoing, found, caller, refusals, options } = one;
  const known = options.uncallable.get(request.model);
  const isSeen = known !== undefined && maySee(caller, known.group);
  refusals.count(isSeen ? 'not-callable' : 'unknown-model');
  const error = isSeen
    ? badRequest(`No deployment of ${known.group} can be called: ${known.why}`, 'model')
    : unknownModel(incoming, request);
  sendError(outgoing, { wire: found.api.wire, error, headers: { [POD_HEADER]: options.podName } });
}

/** English text has about four bytes for each token. */
const BYTES_PER_TOKEN = 4;

function tagsIn(header: string | string[] | undefined): readonly string[] {
  if (header === undefined) return NO_TAGS;
  return String(header)
    .split(',')
    .flatMap((tag) => tag.trim() || []);
}

const NO_TAGS: readonly string[] = [];

/** Anthropic's clients choose the version and features of the API by headers. */
function passedOn(api: Api, { headers }: IncomingMessage): readonly string[] {
  if (api.wire !== 'anthropic') return [];
  return ['anthropic-beta'].flatMap((name) => {
    const value = textOf(headers[name]);
    return value === null ? [] : [name, value];
  });
}

/** Answers before the body was read. Its bytes would be parsed as the next request of this connection. */
function refuse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { wire, error, podName }: { wire: ClientWire; error: ClientError; podName: string },
): true {
  const headers = { [POD_HEADER]: podName, ...(!incoming.complete && { connection: 'close' }) };
  sendError(outgoing, { wire, error, headers });
  return true;
}

type Admitted =
  | { readonly kind: 'admitted'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly error: ClientError };

function admit(caller: ReturnType<Identify>): Admitted {
  if (caller === 'no-key') {
    return { kind: 'refused', reason: 'no-key', error: unauthenticated('No api key passed in.') };
  }
  if (caller === 'wrong-key') {
    return { kind: 'refused', reason: 'wrong-key', error: unauthenticated('Invalid api key passed in.') };
  }
  if (caller.role === 'admin' || caller.role === 'scoped') return { kind: 'admitted', caller };
  const error = { ...unauthenticated('This key may hand in events only.'), status: 403 };
  return { kind: 'refused', reason: 'forbidden', error };
}

function unauthenticated(message: string): ClientError {
  return { status: 401, type: 'auth_error', param: 'None', message: `Authentication Error, ${message}` };
}

function overloaded({ maxInFlight }: ForwardingLimits): ClientError {
  const settings = 'fleet_health.gateway.max_in_flight, else general_settings.max_in_flight_requests_per_worker';
  const message = `${maxInFlight} requests are in flight, the limit of this process (${settings})`;
  return { status: 503, type: 'overloaded_error', message, retryAfterS: 1 };
}

function noRoom({ maxBufferedBytes }: ForwardingLimits): ClientError {
  const message = `This pod holds bodies of ${maxBufferedBytes} bytes, its limit (fleet_health.gateway.max_buffered_bytes)`;
  return { status: 503, type: 'overloaded_error', message, retryAfterS: 1 };
}

function tooLarge({ maxBodyBytes }: ForwardingLimits): ClientError {
  const message = `The body has more than ${maxBodyBytes} bytes, the limit (fleet_health.gateway.max_body_bytes)`;
  return { status: 413, type: 'invalid_request_error', message };
}

function badRequest(message: string, param: string | null): ClientError {
  return { status: 400, type: 'invalid_request_error', param, message };
}

/** In LiteLLM's words. */
function unknownModel(incoming: IncomingMessage, { model }: ClientRequest): ClientError {
  const route = pathOf(incoming).replace(/^\/v\d/, '');
  const hint = 'Call `/v1/models` to view available models for your key.';
  return badRequest(`${route}: Invalid model name passed in model=${model}. ${hint}`, 'model');
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function textOf(header: string | string[] | undefined): string | null {
  return header === undefined ? null : String(header);
}
