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

/** No policy asks for more good probes than this. */
const MAX_RISE = 10;
/** Share of the newest latency in the rolling mean. */
const NEWEST_SHARE = 0.2;

/**
 * What the fleet knows after one more probe. Pure and free of policy, so that every pod computes the same facts from
 * the same evidence. The rule for all evidence: the newest at sufficient depth decides.
 *
 * @param known what was known; undefined for a target never judged. What is dated later than the probe was dated by a
 *   clock that was set back since: see {@link rebasedFacts}
 * @param probe the new evidence, not older than what is known
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
  const failureRun = troubled(facts, failure, probe);
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
    run: decides(facts, probe) && counts(facts, probe) ? good(facts, probe) : kept.run,
    lastSuccess: { ...kept.lastSuccess, [level]: at },
    usualMs: { ...kept.usualMs, [level]: mean(kept.usualMs?.[level], probe.latencyMs) },
    ...(loaded !== undefined && !reaches(level, loaded.level) && { overload: loaded }),
    ...(rejected !== undefined && !reaches(level, rejected.level) && { rejected }),
  };
}

/**
 * A success ends trouble only if it looked as deep and started later:
 *   t0 probe of generation fails · t1 a pod asks for /models, which answers · the target stays in trouble
 */
function decides(facts: Facts | undefined, probe: Observation): boolean {
  if (facts?.run.kind !== 'failed' || facts.failureRun === undefined) return true;
  // No trouble is newer than the newest probe: a later date was planted, and would keep it for as long.
  return reaches(probe.level, facts.failureRun.level) && probe.at > Math.min(facts.failureRun.at, facts.last.at);
}

/** A success that sees less than what it follows counts for nothing: it does not help what was down to rise. */
function counts(facts: Facts | undefined, { level }: Observation): boolean {
  return reaches(level, facts?.failureRun?.level ?? level);
}

/**
 * A failure that only one host saw and another host does not find was that host's own: the good run goes on as if it
 * had not been.
 */
function good(facts: Facts | undefined, probe: Observation): Run {
  const { run, failureRun } = facts ?? {};
  if (run?.kind !== 'failed' || failureRun === undefined || !isForeign(failureRun, probe)) {
    return continued(run, 'ok', probe.at);
  }
  return { kind: 'ok', length: oneMore(failureRun.after), since: failureRun.afterSince };
}

/** Only another host than that of the probe ever saw the trouble. */
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

/** An answer within the rest that an earlier one asked for is no look of its own. */
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

function troubled(facts: Facts | undefined, failure: Failure, probe: Observation): FailureRun {
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

/** Trouble that a short good run may not have ended, depending on whose `rise` it is. */
function recent(facts: Facts | undefined): { previous?: Omit<FailureRun, 'previous'> } {
  if (facts?.failureRun === undefined || facts.run.length > MAX_RISE) return {};
  const { previous: _, ...failureRun } = facts.failureRun;
  return { previous: failureRun };
}
