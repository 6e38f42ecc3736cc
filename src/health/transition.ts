import { RECORD_FORMAT } from './facts.ts';
import { withAdaptation } from './adaptation.ts';
import { rebasedFacts } from './clock-set-back.ts';
import type { Facts, Observation, Overload, Rejection, Run, FailureRun } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { reaches } from './level.ts';
import type { Failure } from './outcome.ts';
import {
  hostOf,
  isSeenElsewhere,
  MAX_WITNESSES,
  ofClassIn,
  oneMore,
  rejectingHosts,
  withFailure,
} from './failure-series.ts';

/** Largest `rise` that a policy can have. */
const MAX_RISE = 10;
/** Weight of the newest latency in the rolling mean. */
const NEWEST_SHARE = 0.2;

/**
 * Facts after one more observation. Pure and free of policy, so that every pod computes the same facts from the same
 * evidence. The newest evidence at sufficient depth decides.
 *
 * @param known the facts before; undefined for a target without evidence. Facts dated later than the observation are
 *   rebased, because the store's clock was set back: see {@link rebasedFacts}
 * @param probe the new observation
 */
export function transition(known: Facts | undefined, probe: Observation): Facts {
  const facts = known === undefined ? undefined : rebasedFacts(known, probe.at);
  const run: Run = facts?.run ?? { kind: 'none', length: 0, since: probe.at };
  const kept: Facts = {
    ...withAdaptation(facts, probe),
    format: RECORD_FORMAT,
    lastSuccess: facts?.lastSuccess ?? {},
    last: probe,
    run,
  };
  if (probe.ok) return succeeded(kept, facts, probe);
  const failure = probe.failure ?? { class: 'server', message: 'failed, no reason given' };
  if (failure.class === 'bad-probe') return { ...kept, rejected: rejection(facts?.rejected, failure, probe) };
  const { rejected, ...answered } = kept;
  if (failure.class === 'overloaded') return { ...answered, overload: overload(facts?.overload, failure, probe) };
  const failureRun = failureRunAfter(facts, failure, probe);
  // While only one host fails, a rejection that another host received is kept beside the failure.
  const contradicts = rejected !== undefined && isSeenElsewhere(rejected, failureRun);
  return {
    ...answered,
    run: continued(facts?.run, 'failed', probe.at),
    failureRun,
    ...(contradicts && { rejected }),
  };
}

function succeeded(kept: Facts, facts: Facts | undefined, probe: Observation): Facts {
  const { overload: loaded, rejected, ...rest } = kept;
  const { level, at } = probe;
  return {
    ...rest,
    run: mayEndRun(facts, probe) && countsTowardsRise(facts, probe) ? runAfterSuccess(facts, probe) : kept.run,
    lastSuccess: { ...kept.lastSuccess, [level]: at },
    usualMs: { ...kept.usualMs, [level]: mean(kept.usualMs?.[level], probe.latencyMs) },
    ...(loaded !== undefined && !reaches(level, loaded.level) && { overload: loaded }),
    ...(rejected !== undefined && !reaches(level, rejected.level) && { rejected }),
  };
}

/**
 * True if a success may end the present run of failures: it is at their level or deeper, and began after the newest one.
 * For example, `/models` answers after a failed chat completion: the run of failures goes on.
 */
function mayEndRun(facts: Facts | undefined, probe: Observation): boolean {
  if (facts?.run.kind !== 'failed' || facts.failureRun === undefined) return true;
  // A failure is never newer than the newest observation. A later date was forged, and must not keep the run alive.
  return reaches(probe.level, facts.failureRun.level) && probe.at > Math.min(facts.failureRun.at, facts.last.at);
}

/** False for a success shallower than the failures before it: it does not count towards `rise`. */
function countsTowardsRise(facts: Facts | undefined, { level }: Observation): boolean {
  return reaches(level, facts?.failureRun?.level ?? level);
}

/**
 * The run after a success. A failure that one host alone saw, and that another host does not confirm, was that host's own:
 * the run of successes before it continues.
 */
function runAfterSuccess(facts: Facts | undefined, probe: Observation): Run {
  const { run, failureRun } = facts ?? {};
  if (run?.kind !== 'failed' || failureRun === undefined || !isForeign(failureRun, probe)) {
    return continued(run, 'ok', probe.at);
  }
  return { kind: 'ok', length: oneMore(failureRun.after), since: failureRun.afterSince };
}

/** True if one host alone saw the run of failures, and the probe is from another host. */
function isForeign({ witnesses }: FailureRun, probe: Observation): boolean {
  const [witness, ...more] = witnesses;
  return witness !== undefined && more.length === 0 && hostOf(witness) !== hostOf(probe);
}

function continued(run: Run | undefined, kind: 'ok' | 'failed', at: StoreTime): Run {
  return run?.kind === kind ? { kind, length: oneMore(run.length), since: run.since } : { kind, length: 1, since: at };
}

function mean(usualMs: number | undefined, latencyMs: number): number {
  const next = usualMs === undefined ? latencyMs : usualMs + NEWEST_SHARE * (latencyMs - usualMs);
  return Math.round(next * 10) / 10;
}

/** A rate-limit answer within the Retry-After of an earlier one does not count again. */
function overload(known: Overload | undefined, failure: Failure, probe: Observation): Overload {
  const { class: _, retryAfterMs, ...shown } = failure;
  const restUntil = known?.quietMs === undefined ? 0 : known.at + known.quietMs * 1000;
  const series = withFailure(known, probe, probe.at < restUntil ? 'same-rest' : 'counted');
  return { ...shown, ...series, ...(retryAfterMs !== undefined && { quietMs: retryAfterMs }) };
}

function rejection(known: Rejection | undefined, failure: Failure, probe: Observation): Rejection {
  const { class: _, retryAfterMs: __, ...shown } = failure;
  const { at, level } = probe;
  const host = hostOf(probe);
  const hosts = [...rejectingHosts(known).filter((one) => one !== host), host].slice(-MAX_WITNESSES);
  return { ...shown, level, since: known?.since ?? at, at, length: oneMore(known?.length), host, hosts };
}

function failureRunAfter(facts: Facts | undefined, failure: Failure, probe: Observation): FailureRun {
  const going = facts?.run.kind === 'failed' ? facts.failureRun : undefined;
  const series = withFailure(going, probe);
  const ofClass = going?.class === failure.class ? oneMore(ofClassIn(going)) : 1;
  return {
    ...failure,
    ...series,
    ...(ofClass < series.length && { ofClass }),
    after: going?.after ?? facts?.run.length ?? 0,
    afterSince: going?.afterSince ?? facts?.run.since ?? probe.at,
    ...(going === undefined ? recent(facts) : going.previous === undefined ? {} : { previous: going.previous }),
  };
}

/** The run of failures before, if the successes since may be too few to end it under some pod's `rise`. */
function recent(facts: Facts | undefined): { previous?: Omit<FailureRun, 'previous'> } {
  if (facts?.failureRun === undefined || facts.run.length > MAX_RISE) return {};
  const { previous: _, ...previous } = facts.failureRun;
  return { previous };
}
