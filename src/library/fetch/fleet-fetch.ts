import type { AttemptOutcome } from '../../routing/index.ts';
import { makeAttempts } from '../attempts.ts';
import type { CallEnd } from '../attempts.ts';
import { askFor, groupOf, nothingToTry, planFor } from '../core.ts';
import type { LibraryCore } from '../core.ts';
import type { LibraryDeployment } from '../deployments.ts';
import { addressReader } from './address.ts';
import type { Address } from './address.ts';
import { observe } from './observe.ts';
import { outcomeOfError, outcomeOfRefusal, outcomeOfStatus } from './outcome.ts';
import { readCallerRequest } from './request.ts';
import type { CallerRequest } from './request.ts';
import { requestFor } from './send.ts';
import { watchBody } from './watch-body.ts';

/** Options of {@link FleetMember.fetch}. */
export interface FetchOptions {
  /** What the caller's URLs begin with, if that is neither an upstream's base URL nor the vendor's usual one. */
  readonly base?: string;
}

/** A `fetch` that sends each request to the upstream of the group that is to be used now. */
export function fleetFetch(core: LibraryCore, group: string, { base }: FetchOptions = {}): typeof globalThis.fetch {
  const members = groupOf(core, group);
  const addresses = addressReader(members, base);
  // Each of these is the same for all requests.
  const asks = { once: askFor(group, false), again: askFor(group, members.length > 1) };
  const refused = nothingToTry(group);
  return async (input, init) => {
    const request = readCallerRequest(input, init);
    if (core.observeOnly) return await observe(core, { group, members, request });
    const address = addresses.read(request.url);
    return await makeAttempts<Response>({
      plan: planFor(core, asks[request.replay]),
      deployments: core.deployments,
      replay: request.replay,
      signal: request.signal,
      attempt: async ({ deployment }) => await attempt(core, { deployment, request, address, group }),
      discard,
      nothingToTry: refused,
    });
  };
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
  const { clock } = core;
  const startedMs = clock.monotonicMs();
  try {
    const { url, init } = requestFor(deployment, request, one);
    const response = await inTime(core, core.fetch(url, init));
    const durationMs = clock.monotonicMs() - startedMs;
    if (response.status < 400) return answered(core, deployment, { response, startedMs, firstByteMs: durationMs });
    const times = { durationMs, wallMs: clock.wallMs() };
    if (deployment.upstream.kind === 'http') {
      const outcome = outcomeOfStatus(response, times);
      return { kind: 'answered', value: response, outcome };
    }
    // An error of an LLM API is small, and its class is in its text.
    const bytes = await inTime(core, response.arrayBuffer());
    const outcome = outcomeOfRefusal(response, new TextDecoder().decode(bytes), times);
    return { kind: 'answered', value: rebuilt(response, bytes), outcome };
  } catch (error) {
    const durationMs = clock.monotonicMs() - startedMs;
    if (request.signal?.aborted === true) return { kind: 'threw', error, outcome: { kind: 'neutral', durationMs } };
    const outcome: AttemptOutcome = isTimeout(error)
      ? { kind: 'failure', class: 'timeout', phase: 'before-first-byte', durationMs }
      : outcomeOfError(error, durationMs);
    return { kind: 'threw', error, outcome };
  }
}

/**
 * Waits for the head of an answer, at most as long as an attempt may take. What comes later is let go of: to pass another signal
 * to each attempt would cost more processor time than all the rest.
 */
function inTime<T>({ attemptLimits }: LibraryCore, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = attemptLimits.start(() => {
      reject(new DOMException('no answer in time', 'TimeoutError'));
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

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function discard(value: unknown): void {
  if (value instanceof Response) value.body?.cancel().catch(() => {});
}

interface Answer {
  readonly response: Response;
  readonly startedMs: number;
  readonly firstByteMs: number;
}

/** The attempt ends when the body has come, or breaks off. */
function answered(core: LibraryCore, { key }: LibraryDeployment, answer: Answer): CallEnd<Response> {
  const { router, clock, runningLimits } = core;
  const { response, startedMs, firstByteMs } = answer;
  const outcome: AttemptOutcome = { kind: 'success', firstByteMs, durationMs: firstByteMs };
  const later = (ended: (outcome: AttemptOutcome) => void): void => {
    let isOver = false;
    const over = (last: AttemptOutcome): void => {
      isOver = true;
      runningLimits.cancel(limit);
      ended(last);
    };
    const limit = runningLimits.start(() => over(outcome));
    watchBody(response, (end) => {
      const durationMs = clock.monotonicMs() - startedMs;
      const broken: AttemptOutcome = { kind: 'failure', class: 'network', phase: 'after-first-byte', durationMs };
      if (!isOver) over(end === 'broken' ? broken : { kind: 'success', firstByteMs, durationMs });
      else if (end === 'broken') router.report(key, broken);
    });
  };
  return { kind: 'answered', value: response, outcome, later };
}

/** The same answer with its body in memory. */
function rebuilt(response: Response, bytes: ArrayBuffer): Response {
  const { status, statusText, headers, url, redirected } = response;
  const copy = new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
  return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
}
