import { parseJson } from '../../health/index.ts';
import type { AttemptOutcome, RoutedRequest } from '../../routing/index.ts';
import { endWithAnswer } from '../answer-end.ts';
import { makeAttempts } from '../attempts.ts';
import type { CallEnd } from '../attempts.ts';
import { askFor, groupOf, nothingToTry, planFor } from '../core.ts';
import type { LibraryCore } from '../core.ts';
import type { LibraryDeployment } from '../deployments.ts';
import { addressReader } from './address.ts';
import type { Address } from './address.ts';
import { abortOf } from './attempt-abort.ts';
import type { AttemptAbort } from './attempt-abort.ts';
import { observe } from './observe.ts';
import { outcomeOfError, outcomeOfRefusal, outcomeOfStatus } from './outcome.ts';
import { readCallerRequest } from './request.ts';
import type { CallerRequest } from './request.ts';
import { CREDENTIALS, requestFor } from './send.ts';
import { isWatchable, watchBody } from './watch-body.ts';

/** Options of {@link FleetMember.fetch}. */
export interface FetchOptions {
  /** What the caller's URLs begin with, if that is neither an upstream's base URL nor the vendor's usual one. */
  readonly base?: string;
}

/** A `fetch` that sends each request to the upstream of the group that is to be used now. */
export function fleetFetch(core: LibraryCore, group: string, { base }: FetchOptions = {}): typeof globalThis.fetch {
  const members = groupOf(core, group);
  const addresses = addressReader(members, base);
  const asks = asksOf(core, group, members);
  const refused = nothingToTry(group);
  return async (input, init) => {
    const read = readCallerRequest(input, init);
    const request = read instanceof Promise ? await read : read;
    if (core.observeOnly) return await observe(core, { group, members, request });
    const address = addresses.read(request.url);
    return await makeAttempts<Response>({
      plan: planFor(core, asks(request, address)),
      deployments: core.deployments,
      replay: request.replay,
      signal: request.signal,
      attempt: ({ deployment }) => attempt(core, { deployment, request, address, group }),
      discard,
      nothingToTry: refused,
    });
  };
}

/**
 * What requests ask of routing. Where a caller sends credentials of its own, upstreams without a key at another origin than its
 * URL names are left out: they would get a request without credentials, and its 401 would say nothing about them.
 */
function asksOf(
  { deployments, hasFallbacks }: LibraryCore,
  group: string,
  members: readonly LibraryDeployment[],
): (request: CallerRequest, address: Address) => RoutedRequest {
  // A failed test needs somewhere else to go, unless the request has only one way to go.
  const isAlone = members.length === 1 && !hasFallbacks(group);
  const asks = { once: askFor(group, isAlone), again: askFor(group, true) };
  if ([...deployments.values()].every(hasCredentials)) return ({ replay }) => asks[replay];
  return ({ replay, init }, { madeFor }) => {
    if (madeFor === undefined || !sendsCredentials(init.headers)) return asks[replay];
    const serves = (key: string): boolean => {
      const one = deployments.get(key);
      return one !== undefined && (hasCredentials(one) || one.origin === madeFor);
    };
    return { ...asks[replay], serves };
  };
}

function hasCredentials({ upstream, headers }: LibraryDeployment): boolean {
  return upstream.apiKey !== undefined || Object.keys(headers).some((name) => CREDENTIALS.has(name));
}

function sendsCredentials(headers: RequestInit['headers']): boolean {
  const sent = new Headers(headers);
  return [...CREDENTIALS].some((name) => sent.has(name));
}

interface OneAttempt {
  readonly deployment: LibraryDeployment;
  readonly request: CallerRequest;
  readonly address: Address;
  /** The group that was asked for. */
  readonly group: string;
}

async function attempt(core: LibraryCore, one: OneAttempt): Promise<CallEnd<Response>> {
  const { deployment, request } = one;
  const { clock, givenUp } = core;
  const startedMs = clock.monotonicMs();
  const abort = abortOf(request.signal);
  try {
    const { url, init } = requestFor(deployment, request, one);
    init.signal = abort.signal;
    const response = await inTime(core, core.fetch(url, init), abort);
    const durationMs = clock.monotonicMs() - startedMs;
    if (response.status < 400) {
      return answered(core, one, { response, startedMs, firstByteMs: durationMs, abort });
    }
    givenUp.answered(deployment.key);
    const times = { durationMs, wallMs: clock.wallMs() };
    if (!isAboutModel(deployment, one)) {
      if (isWatchable(response)) watchBody(response, abort.over);
      return { kind: 'answered', value: response, outcome: outcomeOfStatus(response, times) };
    }
    // An error of an LLM API is small, and its class is in its text.
    const bytes = await inTime(core, readStart(response), abort);
    abort.over();
    const outcome = outcomeOfRefusal(response, new TextDecoder().decode(bytes), times);
    return { kind: 'answered', value: rebuilt(response, bytes), outcome: ownFault(one, outcome) };
  } catch (error) {
    abort.over();
    const durationMs = clock.monotonicMs() - startedMs;
    if (request.signal?.aborted === true) {
      givenUp.aborted(deployment.key, deployment.id, durationMs);
      return { kind: 'threw', error, outcome: { kind: 'neutral', durationMs } };
    }
    givenUp.answered(deployment.key);
    const outcome: AttemptOutcome = isTimeout(error)
      ? { kind: 'failure', class: 'timeout', phase: 'before-first-byte', durationMs }
      : outcomeOfError(error, durationMs);
    return { kind: 'threw', error, outcome };
  }
}

/**
 * Waits for the head of an answer, at most as long as an attempt may take. Then the attempt is cancelled at the upstream, too; what a
 * `fetch` without regard for signals still answers is let go of.
 */
function inTime<T>({ attemptLimits }: LibraryCore, answer: Promise<T>, abort: AttemptAbort): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = attemptLimits.start(() => {
      const reason = new DOMException('no answer in time', 'TimeoutError');
      reject(reason);
      abort.abort(reason);
      answer.then(discard, () => {});
    });
    answer.then(
      (value) => {
        attemptLimits.cancel(limit);
        resolve(value);
      },
      (error: Error) => {
        attemptLimits.cancel(limit);
        reject(error);
      },
    );
  });
}

/** Paths whose errors are about the model and its upstream. Of others, such as those of files and batches, a 404 is an answer. */
const MODEL_PATHS =
  /^(?:chat\/completions|completions|embeddings|responses|moderations|images\/|audio\/|rerank|messages)/;

function isAboutModel({ upstream }: LibraryDeployment, { request, address }: OneAttempt): boolean {
  return upstream.kind === 'llm' && request.init.method?.toUpperCase() === 'POST' && MODEL_PATHS.test(address.rest);
}

const REFUSED_KEY: ReadonlySet<number> = new Set([401, 402, 403]);

/**
 * What the caller's own key or model is refused for says nothing about the upstream: neither a rejected key and a spent quota or
 * rate limit of the caller's account, nor a model that only the caller asks for.
 */
function ownFault({ deployment, request, group }: OneAttempt, outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind !== 'failure') return outcome;
  const { status = 0, durationMs, class: failure } = outcome;
  const isOfKey = REFUSED_KEY.has(status) || failure === 'quota' || failure === 'overloaded';
  const isOwn =
    (isOfKey && !hasCredentials(deployment)) ||
    (failure === 'not-found' && deployment.group === group && asksOtherModel(deployment, request));
  return isOwn ? { kind: 'caller-fault', fault: 'bad-request', status, durationMs } : outcome;
}

/** True where the model in the body is the caller's choice, and not that of the upstream. */
function asksOtherModel({ bodyModel, call }: LibraryDeployment, { init: { body } }: CallerRequest): boolean {
  if (bodyModel !== undefined || typeof body !== 'string') return false;
  const sent = parseJson(body);
  return typeof sent === 'object' && sent !== null && 'model' in sent && sent.model !== call.upstreamModel;
}

/** Most bytes of an error that are kept. */
const MOST_ERROR_BYTES = 1_048_576;

async function readStart({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (body !== null) {
    for await (const part of body as AsyncIterable<Uint8Array>) {
      parts.push(part);
      length += part.byteLength;
      // Leaving the loop ends the stream.
      if (length >= MOST_ERROR_BYTES) break;
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function discard(value: unknown): void {
  if (typeof value !== 'object' || value === null || !('body' in value)) return;
  (value.body as ReadableStream | null)?.cancel().catch(() => {});
}

interface Answer {
  readonly response: Response;
  readonly startedMs: number;
  readonly firstByteMs: number;
  readonly abort: AttemptAbort;
}

/** The attempt ends when the body has come, or breaks off. */
function answered(core: LibraryCore, { deployment, request }: OneAttempt, answer: Answer): CallEnd<Response> {
  const { key, id } = deployment;
  const { response, startedMs, firstByteMs, abort } = answer;
  const outcome: AttemptOutcome = { kind: 'success', firstByteMs, durationMs: firstByteMs };
  // Nothing can break off where there is no body; a response of another class, as of another fetch, is left as it is.
  if (response.body === null || !isWatchable(response)) {
    core.givenUp.answered(key);
    if (response.body === null) abort.over();
    return { kind: 'answered', value: response, outcome };
  }
  const begun = { key, id, startedMs, firstByteMs, signal: request.signal };
  const later = endWithAnswer(core, begun, (onEnd) => {
    watchBody(response, (end) => {
      abort.over();
      onEnd(end);
    });
  });
  return { kind: 'answered', value: response, outcome, later };
}

/** The same answer with its body in memory. */
function rebuilt(response: Response, bytes: Uint8Array<ArrayBuffer>): Response {
  const { status, statusText, headers, url, redirected } = response;
  const copy = new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
  return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
}
