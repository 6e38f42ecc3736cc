import type { Facts, FailureSeries, FailureRun } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { mapStamps } from './evidence-stamps.ts';
import type { EvidenceStamps } from './evidence-stamps.ts';

/**
 * Facts whose newest evidence is older than `at`, the start of new evidence. Facts dated later mean that the store's clock
 * was set back. All their stamps then move back by the same amount: the distances between them stay, and the new evidence
 * is the newest.
 *
 * @example
 * rebasedFacts(facts, at).last.at < at // whenever facts.last.at was later
 */
export function rebasedFacts(facts: Facts, at: StoreTime): Facts {
  const aheadUs = aheadBy(facts, at);
  if (aheadUs === 0) return facts;
  const back = (stamp: StoreTime): StoreTime => Math.max(0, stamp - aheadUs);
  const { run, failureRun, overload, rejected, lastSuccess, last } = facts;
  return {
    ...facts,
    run: { ...run, since: back(run.since) },
    ...(failureRun !== undefined && { failureRun: shiftedRun(failureRun, back) }),
    ...(overload !== undefined && { overload: shiftedSeries(overload, back) }),
    ...(rejected !== undefined && { rejected: { ...rejected, since: back(rejected.since), at: back(rejected.at) } }),
    lastSuccess: Object.fromEntries(Object.entries(lastSuccess).map(([level, stamp]) => [level, back(stamp)])),
    last: { ...last, at: back(last.at), answeredAt: back(last.answeredAt) },
  };
}

/** The same for the evidence stamps in the header of the record. */
export function rebasedStamps(
  { facts, ...stamps }: { readonly facts: Facts } & EvidenceStamps,
  at: StoreTime,
): EvidenceStamps {
  const aheadUs = aheadBy(facts, at);
  return mapStamps(stamps, (stamp) => Math.max(0, stamp - aheadUs));
}

function aheadBy({ last }: Facts, at: StoreTime): number {
  return last.at > at ? last.at - at + 1 : 0;
}

function shiftedSeries<T extends FailureSeries>(series: T, back: (stamp: StoreTime) => StoreTime): T {
  const { since, at, witnesses, aloneSince } = series;
  return {
    ...series,
    since: back(since),
    at: back(at),
    witnesses: witnesses.map((witness) => ({ ...witness, at: back(witness.at) })),
    ...(aloneSince !== undefined && { aloneSince: back(aloneSince) }),
  };
}

function shiftedRun(failureRun: FailureRun, back: (stamp: StoreTime) => StoreTime): FailureRun {
  const { previous, ...newest } = failureRun;
  const moved = (one: Omit<FailureRun, 'previous'>): Omit<FailureRun, 'previous'> => ({
    ...shiftedSeries(one, back),
    afterSince: back(one.afterSince),
  });
  return { ...moved(newest), ...(previous !== undefined && { previous: moved(previous) }) };
}
