import type { ProbeTarget } from '../config/index.ts';
import type { Failure, Level, ProbeAdaptation } from '../health/index.ts';
import type { LoginFailure, Logins } from '../logins/index.ts';
import type { Random } from '../ports/index.ts';
import { endpointOf, isListed, vendorOf } from '../providers/index.ts';
import type { VendorCall } from '../providers/index.ts';
import type { ExchangeAnswer, UpstreamFault, Transport } from '../upstream/index.ts';
import { gradeError, readListing } from '../providers/wire/index.ts';
import type { Grade, JsonBody, Usage, WireAnswer } from '../providers/wire/index.ts';
import { adaptationFor, adapted, applies } from './adapt.ts';
import { dialects } from './dialects.ts';
import { promptOf, questionOf } from './question.ts';
import { createHash } from 'node:crypto';
import { probeRequestOf } from './probe-request-of.ts';

/** Answer to one request, not yet classified as a fault of this pod or of the upstream. */
export type FoundAnswer =
  | UpstreamFault
  | {
      readonly kind: 'graded';
      readonly failure: Failure | undefined;
      readonly usage: Usage;
      readonly headers: Readonly<Record<string, string>>;
      readonly latencyMs: number;
      /** Change with which the request was sent, after the upstream had rejected it without. */
      readonly adapted?: ProbeAdaptation;
      /** What the request was logged in with: the upstream may repeat it. */
      readonly loggedInBy?: Readonly<Record<string, string>>;
    };

export interface AskInput {
  readonly target: ProbeTarget;
  readonly transport: Transport;
  readonly logins: Logins;
  readonly random: Random;
  /** Marks the request as a probe. */
  readonly userAgent: string;
  /** Now, for dates in headers. */
  readonly wallMs: number;
  readonly signal: AbortSignal;
  /** Change that an earlier probe needed, in this or another pod. */
  readonly adaptation: ProbeAdaptation | undefined;
}

/** Per level: sends the request and reads the answer. */
export const askers: Readonly<Record<Level, (input: AskInput) => Promise<FoundAnswer>>> = {
  connect: async ({ target, transport, signal }) => {
    const found = await transport.connect({ url: new URL(target.apiBase), connectMs: CONNECT_MS }, signal);
    return found.kind === 'fault'
      ? found
      : graded({ kind: 'ok', usage: {} }, { headers: {}, latencyMs: found.latencyMs });
  },

  models: async (input) => {
    const found = await send(input, 'models', undefined);
    return found.kind === 'answer' ? graded(gradeListing(found, input), found) : unanswered(found);
  },

  inference: async (input) => {
    const { target, random, adaptation } = input;
    const { mode, wire } = target;
    if (mode === 'other' || wire === 'none') throw new Error('no call for this mode');
    const body = dialects[wire].bodyOf(questionOf(target, mode, promptOf(target, random)));
    const known = adaptation !== undefined && applies(adaptation, bodyHashOf(target)) ? adaptation : undefined;
    const first = await askForAnswer(input, body, known);
    if (first.wanted === undefined || first.found.kind === 'fault') return first.found;
    const second = await askForAnswer(input, body, first.wanted);
    // If the second is rejected too, the first rejection is reported, because it concerns the configured body.
    if (second.found.kind === 'fault') return first.found;
    return second.found.failure?.class === 'bad-probe' ? first.found : second.found;
  },
};

/** Sends one request; `wanted` is the change that the upstream's rejection asks for. */
async function askForAnswer(
  input: AskInput,
  body: JsonBody,
  adaptation: ProbeAdaptation | undefined,
): Promise<{ found: FoundAnswer; wanted?: ProbeAdaptation | undefined }> {
  const { target, wallMs } = input;
  const { mode, wire } = target;
  if (mode === 'other' || wire === 'none') throw new Error('no call for this mode');
  const sent = adaptation === undefined ? body : adapted(body, adaptation);
  const answer = await send(input, mode, sent);
  if (answer.kind !== 'answer') return { found: unanswered(answer) };
  const grade = dialects[wire].grade(answer, mode, wallMs);
  const refused = grade.kind === 'failed' && grade.failure.class === 'bad-probe';
  const found: FoundAnswer = {
    ...graded(grade, answer),
    ...(sent === body || adaptation === undefined ? {} : { adapted: adaptation }),
  };
  if (!refused) return { found };
  const wanted = adaptationFor(sent, answer);
  return { found, wanted: wanted && { ...wanted, bodyHash: bodyHashOf(target) } };
}

/** Limit of connecting, also for probes with a longer timeout. */
const CONNECT_MS = 10_000;
const IDLE_MS = 15_000;
/** A probe asks for a few words. More than this is not read, and so not waited for. */
const MOST_BYTES = 256 * 1024;
const MOST_LISTING_BYTES = 2 * 1024 * 1024;

/** An answer, and what the request was logged in with. */
type SentAnswer = ExchangeAnswer & { readonly loggedInBy?: Readonly<Record<string, string>> };

async function send(
  { target, transport, logins, userAgent, signal }: AskInput,
  call: VendorCall,
  json: JsonBody | undefined,
): Promise<SentAnswer | LoginFailure> {
  const { url, headers } = endpointOf(target, call);
  const { login } = target;
  const method = json === undefined ? 'GET' : 'POST';
  const body = json === undefined ? undefined : JSON.stringify(json);
  const contentType = json === undefined ? undefined : 'application/json';
  const signedIn = login && (await logins.signIn(login, { method, url, contentType, body }, signal));
  if (signedIn !== undefined && signedIn.kind !== 'signed-in') return signedIn;
  const loggedInBy = signedIn?.headers;
  const answer = await transport.request(
    {
      method,
      url,
      headers: {
        accept: 'application/json',
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...loggedInBy,
        ...headers,
        'user-agent': userAgent,
      },
      ...(body !== undefined && { body }),
      connectMs: CONNECT_MS,
      idleMs: IDLE_MS,
      maxBytes: call === 'models' ? MOST_LISTING_BYTES : MOST_BYTES,
    },
    signal,
  );
  if (answer.kind === 'fault' || signedIn === undefined || loggedInBy === undefined) return answer;
  if (answer.status === 401 || answer.status === 403) signedIn.refused();
  return { ...answer, loggedInBy };
}

/** No answer of the upstream: it could not be reached, or the login failed. */
function unanswered(found: UpstreamFault | LoginFailure): FoundAnswer {
  if (found.kind === 'fault') return found;
  const { failure, latencyMs } = found;
  return { kind: 'graded', failure, usage: {}, headers: {}, latencyMs };
}

/** The model must be in the list, if the vendor's list is complete and has the names that calls use. */
function gradeListing(answer: WireAnswer, { target, wallMs }: AskInput): Grade {
  const { status } = answer;
  if (status === 404 || status === 405 || status === 501) {
    // About the list, not about the model.
    return failed({ class: 'bad-probe', status, message: `answered ${status}: it has no list of models` });
  }
  if (status < 200 || status > 299) return gradeError(answer, wallMs);
  if (answer.extent === 'cut') return { kind: 'ok', usage: {} };
  const listing = readListing(answer.text);
  if (listing.kind === 'malformed') {
    return failed({ class: 'server', status, message: `answered ${status}, but: ${listing.why}` });
  }
  const vendor = vendorOf(target.provider);
  // A wildcard is no name, and what is not in a part of the list may be in the rest.
  const unnamed = target.upstreamModel.includes('*') || vendor.listing !== 'whole' || listing.extent === 'part';
  if (unnamed || isListed(target.upstreamModel, listing.ids, vendor)) return { kind: 'ok', usage: {} };
  return failed({ class: 'not-found', status, message: `${target.upstreamModel} is not in the list of models` });
}

function failed(failure: Failure): Grade {
  return { kind: 'failed', failure };
}

function graded(
  grade: Grade,
  { headers, latencyMs, loggedInBy }: Pick<SentAnswer, 'headers' | 'latencyMs' | 'loggedInBy'>,
): FoundAnswer {
  const failure = grade.kind === 'failed' ? grade.failure : undefined;
  const usage = grade.kind === 'ok' ? grade.usage : {};
  return { kind: 'graded', failure, usage, headers, latencyMs, ...(loggedInBy !== undefined && { loggedInBy }) };
}

/**
 * Hash of the probe's request without secrets; equal in pods with equal settings. A hash of a secret would help to guess
 * the secret, and records are readable in the store.
 */
function bodyHashOf(target: ProbeTarget): string {
  const { wire, mode, apiVersion = null } = target;
  const parts = ['body 1', wire, mode, apiVersion, probeRequestOf(target).raw_request_body];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
