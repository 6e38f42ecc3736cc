import { endWithAnswer } from './answer-end.ts';
import type { AnswerEnd } from './answer-end.ts';
import { makeAttempts } from './attempts.ts';
import type { CallEnd, CallInput } from './attempts.ts';
import { advise } from './advise.ts';
import { askFor, groupOf, nothingToTry, planFor } from './core.ts';
import type { LibraryCore } from './core.ts';
import type { AttemptOutcome } from '../routing/index.ts';
import type { LibraryDeployment } from './deployments.ts';
import { faultClassOf } from '../system/index.ts';
import { reportedOutcome } from './reported.ts';
import type { ReportedOutcome } from './reported.ts';

/** An upstream as a call gets it. */
export interface CallTarget {
  /** Name within the group. */
  readonly id: string;
  readonly group: string;
  readonly url: string;
  /** The model's name there. */
  readonly model: string;
  /** Headers with the credentials of the upstream. Secrets are in here. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the caller gives up, or after the time limit of the attempt. */
  readonly signal: AbortSignal;
}

/** Options of {@link FleetMember.call}. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /**
   * Classifies an error. Unless given: a time limit (own ones from 1 s), then `status`, `statusCode` or `response.status`, else a
   * network error among its causes; any other error proves nothing about the upstream, as `neutral` does, and is thrown without
   * another attempt.
   */
  readonly classify?: (error: unknown) => ReportedOutcome | 'neutral' | undefined;
}

/** What the library itself may ask of a call. */
export interface InnerCallOptions<T> extends CallOptions {
  /** `none`: stays in its group. */
  readonly fallbacks?: 'allowed' | 'none';
  /** Calls `onEnd` when a value that is the beginning of an answer ends. Unless given, the value is the whole answer. */
  readonly watch?: (value: T, onEnd: (end: AnswerEnd) => void) => void;
}

/** Makes a call at the upstream that is to be used now, and again elsewhere if it fails. */
export async function fleetCall<T>(
  core: LibraryCore,
  group: string,
  make: (target: CallTarget) => Promise<T>,
  options: InnerCallOptions<T> = {},
): Promise<T> {
  const members = groupOf(core, group);
  const attempt = async (input: CallInput): Promise<CallEnd<T>> => await attemptCall(core, input, make, options);
  if (core.observeOnly) return await observedCall(core, group, members, attempt);
  return await makeAttempts<T>({
    plan: planFor(core, askFor(group, true, options.fallbacks)),
    deployments: core.deployments,
    replay: 'again',
    signal: options.signal,
    nothingToTry: nothingToTry(group),
    attempt,
  });
}

/** Always at the first upstream, as without a fleet. */
async function observedCall<T>(
  core: LibraryCore,
  group: string,
  members: readonly LibraryDeployment[],
  attempt: (input: CallInput) => Promise<CallEnd<T>>,
): Promise<T> {
  const [first] = members;
  if (first === undefined) throw new TypeError(`there is no group "${group}"`);
  advise(core, group, first);
  const end = await attempt({ deployment: first, timeoutMs: LONGEST_MS });
  const report = (outcome: AttemptOutcome): void => core.router.report(first.key, outcome);
  if (end.kind === 'answered' && end.later !== undefined) end.later(report);
  else report(end.outcome);
  if (end.kind === 'threw') throw end.error;
  return end.value;
}

/** Nothing is changed, so nothing is cut short. */
const LONGEST_MS = 2 ** 31 - 1;

async function attemptCall<T>(
  core: LibraryCore,
  { deployment, timeoutMs }: CallInput,
  make: (target: CallTarget) => Promise<T>,
  { signal, classify = () => undefined, watch }: InnerCallOptions<T>,
): Promise<CallEnd<T>> {
  const { clock, givenUp } = core;
  const startedMs = clock.monotonicMs();
  const took = (): number => clock.monotonicMs() - startedMs;
  const limit = new AbortController();
  const timer = clock.setTimer(timeoutMs, () => limit.abort(new DOMException('no answer in time', 'TimeoutError')));
  const { id, key, group, upstream, call, headers } = deployment;
  const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  const aborted = rejectedBy(either);
  try {
    const made = make({ id, group, url: upstream.baseUrl, model: call.upstreamModel, headers, signal: either });
    // A call that ignores the signal would otherwise hold its caller, and the test that it may be, for ever.
    const value = await Promise.race([made, aborted.promise]);
    const firstByteMs = took();
    const outcome: AttemptOutcome = { kind: 'success', firstByteMs, durationMs: firstByteMs };
    if (watch !== undefined) {
      const begun = { key, id, startedMs, firstByteMs, signal };
      return { kind: 'answered', value, outcome, later: endWithAnswer(core, begun, (onEnd) => watch(value, onEnd)) };
    }
    givenUp.answered(key);
    return { kind: 'answered', value, outcome };
  } catch (error) {
    const isAborted = signal?.aborted === true;
    const given = isAborted ? 'neutral' : (classify(error) ?? outcomeOfThrown(error, limit.signal, took()));
    if (isAborted) givenUp.aborted(key, id, took());
    else if (given !== 'neutral') givenUp.answered(key);
    return { kind: 'threw', error, outcome: reportedOutcome(given, { tookMs: took(), kind: upstream.kind }) };
  } finally {
    timer.cancel();
    aborted.stop();
  }
}

/** A listener that stays on a signal of a long life would keep each call in memory. */
function rejectedBy(signal: AbortSignal): { readonly promise: Promise<never>; stop(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  // After the end of a call nothing waits for it.
  promise.catch(() => {});
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return { promise, stop: () => signal.removeEventListener('abort', abort) };
}

/** By the status that errors of clients have, as `status`, `statusCode` or on their `response`; else by the cause. */
function outcomeOfThrown(error: unknown, limit: AbortSignal, tookMs: number): ReportedOutcome | 'neutral' {
  if (limit.aborted || isOwnTimeout(error, tookMs)) return { ok: false, class: 'timeout' };
  const status = statusOf(error);
  if (status !== undefined) return { ok: false, status };
  const fault = networkFaultOf(error);
  return fault === undefined ? 'neutral' : { ok: false, class: fault };
}

/** Shorter limits of a client's own say more about the client. */
const LEAST_TIMEOUT_MS = 1_000;
/** Of `AbortSignal.timeout`, and of the clients of OpenAI and Anthropic. */
const TIMEOUT_NAMES: ReadonlySet<string> = new Set(['TimeoutError', 'APIConnectionTimeoutError']);

function isOwnTimeout(error: unknown, tookMs: number): boolean {
  if (tookMs < LEAST_TIMEOUT_MS || !(error instanceof Error)) return false;
  if (TIMEOUT_NAMES.has(error.name) || TIMEOUT_NAMES.has(error.constructor.name)) return true;
  // As Node's own functions reject for the signal of a time limit.
  return error.name === 'AbortError' && error.cause instanceof Error && error.cause.name === 'TimeoutError';
}

/** Codes of the system and of Node's HTTP client. */
const NETWORK_CODE = /^(?:E[A-Z0-9_]+|UND_ERR_\w+)$/;
const DEEPEST = 8;

function networkFaultOf(error: unknown): 'network' | 'timeout' | undefined {
  for (let one = error, depth = 0; typeof one === 'object' && one !== null && depth < DEEPEST; depth += 1) {
    const code = 'code' in one && typeof one.code === 'string' ? one.code : '';
    if (NETWORK_CODE.test(code) && !code.startsWith('ERR_')) {
      const fault = faultClassOf(one);
      return fault === 'network' || fault === 'timeout' ? fault : undefined;
    }
    one = 'cause' in one ? one.cause : undefined;
  }
  return undefined;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  for (const name of ['status', 'statusCode'] as const) {
    const value: unknown = (error as Record<string, unknown>)[name];
    if (typeof value === 'number' && value >= 100 && value <= 599) return value;
  }
  return 'response' in error ? statusOf(error.response) : undefined;
}
