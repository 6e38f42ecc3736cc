import type { Observation, Rejection, FailureSeries, FailureRun, Witness } from './facts.ts';
import type { HostId, StoreTime } from './ids.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';

/** Counts go no further: far from where one more, or a sum, would be no sound number any more. */
export const MAX_COUNT = 1_000_000_000_000;

/** Most hosts that are kept of those that saw something. */
export const MAX_WITNESSES = 8;
/** A witness counts while its failure is among this many newest ones: about two intervals, for able pods take turns. */
const RECENT_FAILURES = 3;

/** Where a pod runs, as far as it is known. */
export function hostOf({ host, pod }: Pick<Witness, 'host' | 'pod'>): HostId {
  return host ?? pod;
}

/** How deep a look went: one that found no connection would have found none at any level. */
export function depthOf({ level, failure }: Pick<Observation, 'level' | 'failure'>): Level {
  return failure?.phase === 'connect' ? 'connect' : level;
}

/** Hosts whose pods saw one of the newest failures, newest last. */
export function recentHosts({ length, witnesses }: FailureSeries): readonly HostId[] {
  return witnesses.filter(({ position }) => length - position < RECENT_FAILURES).map(hostOf);
}

/** Whether rejected probes came from other hosts, too, than the only one that saw these signs lately. */
export function isSeenElsewhere(rejected: Pick<Rejection, 'host' | 'hosts'>, series: FailureSeries): boolean {
  const [witness, ...more] = recentHosts(series);
  return witness !== undefined && more.length === 0 && rejectingHosts(rejected).some((host) => host !== witness);
}

/** Hosts whose probes were rejected, newest last. */
export function rejectingHosts(rejected: Pick<Rejection, 'host' | 'hosts'> | undefined): readonly HostId[] {
  return rejected?.hosts ?? [rejected?.host ?? []].flat();
}

/** Failures in a row once `probe` is added; `going` are those before it, absent for the first. */
export function withFailure(
  going: FailureSeries | undefined,
  probe: Observation,
  counted: 'counted' | 'same-rest' = 'counted',
): FailureSeries {
  const length = oneMore(going?.length, counted === 'counted' || going === undefined ? 1 : 0);
  const depth = depthOf(probe);
  const level = going !== undefined && reaches(going.level, depth) ? going.level : depth;
  const witnesses = witnessed(going?.witnesses ?? [], probe, length);
  const series = { level, since: going?.since ?? probe.at, at: probe.at, length, witnesses };
  if (recentHosts(series).length > 1) return series;
  return { ...series, aloneSince: aloneSince(going, probe) };
}

/** How many of the newest failures in a row are of the class that is shown. */
export function ofClassIn({ ofClass, length }: Pick<FailureRun, 'ofClass' | 'length'>): number {
  return Math.min(ofClass ?? length, length);
}

/** One more of something that is counted. */
export function oneMore(length = 0, more: 0 | 1 = 1): number {
  return Math.min(length + more, MAX_COUNT);
}

function aloneSince(going: FailureSeries | undefined, { at }: Observation): StoreTime {
  return going?.aloneSince ?? at;
}

function witnessed(known: readonly Witness[], probe: Observation, position: number): readonly Witness[] {
  const { pod, host, at } = probe;
  const witness = { pod, ...(host !== undefined && { host }), at, position };
  return [...known.filter((one) => hostOf(one) !== hostOf(witness)), witness].slice(-MAX_WITNESSES);
}
