import type { AttemptOutcome } from '../../routing/index.ts';
import { makeAttempts } from '../attempts.ts';
import type { CallEnd } from '../attempts.ts';
import { groupOf, nothingToTry, planFor } from '../core.ts';
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
  return async (input, init) => {
    const request = readCallerRequest(input, init);
    if (core.observeOnly) return await observe(core, { group, members, request });
    const address = addresses.read(request.url);
    return await makeAttempts<Response>({
      plan: planFor(core, group, request.replay === 'again' && members.length > 1),
      deployments: core.deployments,
      replay: request.replay,
      signal: request.signal,
      attempt: async ({ deployment, timeoutMs }) => await attempt(core, { deployment, timeoutMs, request, address }),
      discard: (response) => void response.body?.cancel().catch(() => {}),
      nothingToTry: nothingToTry(group),
    });
  };
}

interface OneAttempt {
  readonly deployment: LibraryDeployment;
  readonly timeoutMs: number;
  readonly request: CallerRequest;
  readonly address: Address;
}

async function attempt(core: LibraryCore, one: OneAttempt): Promise<CallEnd<Response>> {
  const { deployment, request, timeoutMs } = one;
  const { clock } = core;
  const startedMs = clock.monotonicMs();
  const limit = new AbortController();
  const timer = clock.setTimer(timeoutMs, () => limit.abort(new DOMException('no answer in time', 'TimeoutError')));
  const signal = request.signal === undefined ? limit.signal : AbortSignal.any([request.signal, limit.signal]);
  const took = (): number => clock.monotonicMs() - startedMs;
  try {
    const { url, init } = requestFor(deployment, request, one.address);
    init.signal = signal;
    const response = await core.fetch(url, init);
    const times = (): { durationMs: number; wallMs: number } => ({ durationMs: took(), wallMs: clock.wallMs() });
    const isAnswer = response.status < 400;
    if (deployment.upstream.kind === 'http' || isAnswer) {
      const outcome = isAnswer ? success(took(), took()) : outcomeOfStatus(response, times());
      if (outcome.kind !== 'success' || response.body === null) return { kind: 'answered', value: response, outcome };
      return { kind: 'answered', value: response, outcome, later: laterEnd(core, deployment, { response, startedMs }) };
    }
    // An error of an LLM API is small, and its class is in its text.
    const bytes = await response.arrayBuffer();
    const outcome = outcomeOfRefusal(response, new TextDecoder().decode(bytes), times());
    return { kind: 'answered', value: rebuilt(response, bytes), outcome };
  } catch (error) {
    if (request.signal?.aborted === true) return threw(error, { kind: 'neutral', durationMs: took() });
    if (limit.signal.aborted) {
      return threw(error, { kind: 'failure', class: 'timeout', phase: 'before-first-byte', durationMs: took() });
    }
    return threw(error, outcomeOfError(error, took()));
  } finally {
    timer.cancel();
  }
}

function threw(error: unknown, outcome: AttemptOutcome): CallEnd<Response> {
  return { kind: 'threw', error, outcome };
}

function success(firstByteMs: number, durationMs: number): AttemptOutcome {
  return { kind: 'success', firstByteMs, durationMs };
}

/** An answer that has run for this long, or that is not read, counts as a success; if it breaks off later, as a failure, too. */
const RUNNING_MS = 10_000;

interface Running {
  readonly response: Response;
  readonly startedMs: number;
}

/** The attempt ends when the body has come, or breaks off. */
function laterEnd(
  { router, clock }: LibraryCore,
  { key }: LibraryDeployment,
  { response, startedMs }: Running,
): (ended: (outcome: AttemptOutcome) => void) => void {
  const firstByteMs = clock.monotonicMs() - startedMs;
  return (ended) => {
    let isOver = false;
    const over = (outcome: AttemptOutcome): void => {
      isOver = true;
      timer.cancel();
      ended(outcome);
    };
    const timer = clock.setTimer(RUNNING_MS, () => over(success(firstByteMs, firstByteMs)));
    watchBody(response, (end) => {
      const durationMs = clock.monotonicMs() - startedMs;
      const broken: AttemptOutcome = { kind: 'failure', class: 'network', phase: 'after-first-byte', durationMs };
      if (!isOver) over(end === 'broken' ? broken : success(firstByteMs, durationMs));
      else if (end === 'broken') router.report(key, broken);
    });
  };
}

/** The same answer with its body in memory. */
function rebuilt(response: Response, bytes: ArrayBuffer): Response {
  const { status, statusText, headers, url, redirected } = response;
  const copy = new Response(bytes.byteLength === 0 ? null : bytes, { status, statusText, headers });
  return Object.defineProperties(copy, { url: { value: url }, redirected: { value: redirected } });
}
