import type { Facts, FailureSeries, FailureRun } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { mapStamps } from './evidence-stamps.ts';
import type { EvidenceStamps } from './evidence-stamps.ts';

/**
 * Facts as they are before evidence of `at`. Where they are dated later, the clock was set back since: all their stamps
 * move back alike, so that what lies between them stays as it was, and the new evidence is the newest.
 *
 * @example
 * rebasedFacts(facts, at).last.at < at // whenever facts.last.at was later
 */
export function rebasedFacts(facts: Facts, at: StoreTime): Facts {
  const byUs = aheadBy(facts, at);
  if (byUs === 0) return facts;
  const back = (stamp: StoreTime): StoreTime => Math.max(0, stamp - byUs);
  const { run, failureRun, overload, rejected, lastSuccess, last } = facts;
  return {
    ...facts,
    run: { ...run, since: back(run.since) },
    ...(failureRun !== undefined && { failureRun: troubleMoved(failureRun, back) }),
    ...(overload !== undefined && { overload: signsMoved(overload, back) }),
    ...(rejected !== undefined && { rejected: { ...rejected, since: back(rejected.since), at: back(rejected.at) } }),
    lastSuccess: Object.fromEntries(Object.entries(lastSuccess).map(([level, stamp]) => [level, back(stamp)])),
    last: { ...last, at: back(last.at), answeredAt: back(last.answeredAt) },
  };
}

/** The same for the stamps of looks that stand beside the facts. */
export function rebasedStamps(
  { facts, ...stamps }: { readonly facts: Facts } & EvidenceStamps,
  at: StoreTime,
): EvidenceStamps {
  const byUs = aheadBy(facts, at);
  return mapStamps(stamps, (stamp) => Math.max(0, stamp - byUs));
}

function aheadBy({ last }: Facts, at: StoreTime): number {
  return last.at > at ? last.at - at + 1 : 0;
}

function signsMoved<T extends FailureSeries>(series: T, back: (stamp: StoreTime) => StoreTime): T {
  const { since, at, witnesses, aloneSince } = series;
  return {
    ...series,
    since: back(since),
    at: back(at),
    witnesses: witnesses.map((witness) => ({ ...witness, at: back(witness.at) })),
    ...(aloneSince !== undefined && { aloneSince: back(aloneSince) }),
  };
}

function troubleMoved(failureRun: FailureRun, back: (stamp: StoreTime) => StoreTime): FailureRun {
  const { previous, ...newest } = failureRun;
  const moved = (one: Omit<FailureRun, 'previous'>): Omit<FailureRun, 'previous'> => ({
    ...signsMoved(one, back),
    afterSince: back(one.afterSince),
  });
  return { ...moved(newest), ...(previous !== undefined && { previous: moved(previous) }) };
}
