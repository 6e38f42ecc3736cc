import type { FailureRun, FailureSeries, Observation, Rejection, Witness } from './facts.ts';
import type { HostId } from './ids.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';

/** Largest count in a record. Larger ones, and sums of them, would soon be inexact numbers. */
export const MAX_COUNT = 1_000_000_000_000;

/** Most hosts listed as witnesses of a series. */
export const MAX_WITNESSES = 8;
/** Only witnesses of this many newest failures count. Able pods take turns, so that is about two intervals. */
const RECENT_FAILURES = 3;

/** Host of a pod; the pod id where the host is unknown. */
export function hostOf({ host, pod }: Pick<Witness, 'host' | 'pod'>): HostId {
  return host ?? pod;
}

/** Level that an observation counts for. A failure to connect counts as `connect`, because it would fail at every level. */
export function depthOf({ level, failure }: Pick<Observation, 'level' | 'failure'>): Level {
  return failure?.phase === 'connect' ? 'connect' : level;
}

/** Hosts whose pods saw one of the three newest failures, newest last. */
export function recentHosts({ length, witnesses }: FailureSeries): readonly HostId[] {
  return witnesses.filter(({ position }) => length - position < RECENT_FAILURES).map(hostOf);
}

/** True if one host alone saw the recent failures and the upstream rejected, that is answered, a probe of another host. */
export function isSeenElsewhere(rejected: Pick<Rejection, 'host' | 'hosts'>, series: FailureSeries): boolean {
  const [witness, ...more] = recentHosts(series);
  return witness !== undefined && more.length === 0 && rejectingHosts(rejected).some((host) => host !== witness);
}

/** Hosts whose probes were rejected, newest last. */
export function rejectingHosts(rejected: Pick<Rejection, 'host' | 'hosts'> | undefined): readonly HostId[] {
  return rejected?.hosts ?? [rejected?.host ?? []].flat();
}

/**
 * A series with one more failure.
 *
 * @param current the series before it; undefined for its first failure
 * @param counted `same-rest`: within the Retry-After of an earlier answer, so it does not lengthen the series
 */
export function withFailure(
  current: FailureSeries | undefined,
  probe: Observation,
  counted: 'counted' | 'same-rest' = 'counted',
): FailureSeries {
  const length = oneMore(current?.length, counted === 'counted' || current === undefined ? 1 : 0);
  const depth = depthOf(probe);
  const level = current !== undefined && reaches(current.level, depth) ? current.level : depth;
  const witnesses = withWitness(current?.witnesses ?? [], probe, length);
  const series = { level, since: current?.since ?? probe.at, at: probe.at, length, witnesses };
  if (recentHosts(series).length > 1) return series;
  return { ...series, aloneSince: current?.aloneSince ?? probe.at };
}

/** Number of newest failures in a row that have the class shown. */
export function ofClassIn({ ofClass, length }: Pick<FailureRun, 'ofClass' | 'length'>): number {
  return Math.min(ofClass ?? length, length);
}

/** A count plus one, at most {@link MAX_COUNT}. */
export function oneMore(length = 0, more: 0 | 1 = 1): number {
  return Math.min(length + more, MAX_COUNT);
}

function withWitness(known: readonly Witness[], probe: Observation, position: number): readonly Witness[] {
  const { pod, host, at } = probe;
  const witness = { pod, ...(host !== undefined && { host }), at, position };
  return [...known.filter((one) => hostOf(one) !== hostOf(witness)), witness].slice(-MAX_WITNESSES);
}
