import { hostOf, reaches, recentHosts } from '../../health/index.ts';
import type { AblePod, HostId, PodId, FailureSeries, TargetId } from '../../health/index.ts';

/** Higher ranks wait no longer than this one. */
const LAST_RANK = 4;
const RANK_STEP_MS = 150;

/** A probe to come: its target and grid point. The order of pods differs at each grid point. */
export interface Turn {
  readonly target: TargetId;
  readonly slot: number;
  /** Failures that go on: pods that have not seen them recently go first. */
  readonly series?: FailureSeries | undefined;
  /**
   * Hosts whose newest probe did not settle whether the failures go on: it was rejected, or refused because of
   * overload.
   */
  readonly undecidedHosts?: readonly HostId[] | undefined;
}

/**
 * Number of the given pods that go before `self` at this turn; 0 claims at once. Deeper levels go first. During
 * failures, pods that have not seen them recently go next, those outside the failure domains of the witnesses before
 * the others, and the newest witness last. Otherwise the order is a rendezvous hash of target, grid point and pod.
 * Every pod computes the same order from the same members, each pod comes first in turn, and a member that leaves moves
 * only its own turns.
 */
export function rankOf(turn: Turn, self: AblePod, others: Iterable<AblePod>): number {
  const order = orderAt(turn, [self, ...others]);
  let rank = 0;
  for (const other of others) if (other.pod !== self.pod && order(other, self) < 0) rank += 1;
  return rank;
}

/** Pods in their order at this turn. */
export function byRank(turn: Turn, pods: readonly AblePod[]): readonly AblePod[] {
  return pods.toSorted(orderAt(turn, pods));
}

/** The same order for other work than probes: sweeping, and restoring lost records. */
export function plainRankOf(name: string, self: PodId, others: Iterable<PodId>): number {
  const key = hash(name);
  const own = score(key, self);
  let rank = 0;
  for (const pod of others) {
    if (pod === self) continue;
    const other = score(key, pod);
    if (other > own || (other === own && pod > self)) rank += 1;
  }
  return rank;
}

function orderAt(
  { target, slot, series, undecidedHosts }: Turn,
  pods: readonly AblePod[],
): (a: AblePod, b: AblePod) => number {
  const key = mix(hash(target) ^ mix(slot | 0) ^ mix(Math.floor(slot / 2 ** 32) | 0));
  const groupOf = orderGroupOf(series, pods, undecidedHosts);
  return (a, b) => {
    const depth = Number(reaches(b.level, a.level)) - Number(reaches(a.level, b.level));
    if (depth !== 0) return depth;
    const [lateA, lateB] = [groupOf(a), groupOf(b)];
    if (lateA !== lateB) return lateA < lateB ? -1 : 1;
    const [one, other] = [score(key, a.pod), score(key, b.pod)];
    return other - one || (a.pod > b.pod ? -1 : 1);
  };
}

/**
 * Group in the order of pods: 0: no recent witness, another failure domain; 1: no recent witness, the domain of one;
 * then recent witnesses, newest last; then undecided hosts, since a pod whose probes are always rejected would
 * otherwise stay first.
 */
function orderGroupOf(
  series: FailureSeries | undefined,
  pods: readonly AblePod[],
  inVain: readonly HostId[] = [],
): (pod: AblePod) => number {
  if (series === undefined) return ({ host }) => (inVain.includes(host) ? Infinity : 0);
  const recent = recentHosts(series);
  const domains = new Set(pods.filter(({ host }) => recent.includes(host)).map(({ domain }) => domain));
  const positions = new Map(series.witnesses.map((witness) => [hostOf(witness), witness.position]));
  return ({ host, domain }) => {
    if (inVain.includes(host)) return Infinity;
    if (recent.includes(host)) return 2 + (positions.get(host) ?? 0);
    return domains.has(domain) ? 1 : 0;
  };
}

/** Delay of a pod of this rank, ms. A lease event ends it. */
export function rankWaitMs(rank: number): number {
  return Math.min(rank, LAST_RANK) * RANK_STEP_MS;
}

/** 32-bit hash of a short text (FNV-1a, then mixed): even enough to spread work, and stable across versions. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

const podHashes = new Map<PodId, number>();

function score(key: number, pod: PodId): number {
  let podHash = podHashes.get(pod);
  if (podHash === undefined) {
    if (podHashes.size > 10_000) podHashes.clear();
    podHash = hash(pod);
    podHashes.set(pod, podHash);
  }
  return mix(key ^ podHash);
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
