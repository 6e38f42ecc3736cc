import { hostOf, reaches, recentHosts } from '../../health/index.ts';
import type { AblePod, HostId, PodId, FailureSeries, TargetId } from '../../health/index.ts';

/** Ranks beyond this wait no longer. */
const LAST_RANK = 4;
const RANK_STEP_MS = 150;

/** A look to come: of which target, and which of its grid points. The order of pods is another one at each of them. */
export interface Turn {
  readonly target: TargetId;
  readonly slot: number;
  /** Failures that go on: who has not seen them lately looks first. */
  readonly series?: FailureSeries | undefined;
  /** Hosts whose newest look could not tell whether these failures go on: a rejected probe, an answer that asks for less. */
  readonly undecidedHosts?: readonly HostId[] | undefined;
}

/**
 * How many of the given pods go before `self` at this turn: 0 asks at once. Deeper looks first; then, where something
 * fails, pods that have not seen it lately, those outside the failure domains of its witnesses before the others, and the
 * newest witness last; then by rendezvous hashing of target, grid point and pod. Every pod computes the same order from
 * the same members, each pod comes first in turn, and a member that leaves moves only its own turns.
 */
export function rankOf(turn: Turn, self: AblePod, others: Iterable<AblePod>): number {
  const order = orderAt(turn, [self, ...others]);
  let rank = 0;
  for (const other of others) if (other.pod !== self.pod && order(other, self) < 0) rank += 1;
  return rank;
}

/** Pods in the order in which they go for the look at this turn. */
export function byRank(turn: Turn, pods: readonly AblePod[]): readonly AblePod[] {
  return pods.toSorted(orderAt(turn, pods));
}

/** The same order for names that are no pods' looks at a target: who sweeps, who offers lost records again. */
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
 * 0: fresh eyes in another failure domain; 1: fresh eyes beside a witness; then the recent witnesses, newest last; then those
 * that looked in vain: a pod whose probes are always rejected would be the only fresh one for ever.
 */
function orderGroupOf(
  series: FailureSeries | undefined,
  pods: readonly AblePod[],
  inVain: readonly HostId[] = [],
): (pod: AblePod) => number {
  if (series === undefined) return ({ host }) => (inVain.includes(host) ? Infinity : 0);
  const recent = recentHosts(series);
  const domains = new Set(pods.filter(({ host }) => recent.includes(host)).map(({ domain }) => domain));
  const looks = new Map(series.witnesses.map((witness) => [hostOf(witness), witness.position]));
  return ({ host, domain }) => {
    if (inVain.includes(host)) return Infinity;
    if (recent.includes(host)) return 2 + (looks.get(host) ?? 0);
    return domains.has(domain) ? 1 : 0;
  };
}

/** How long a pod of this rank lets the ones before it go first, ms. A lease event ends the wait. */
export function rankWaitMs(rank: number): number {
  return Math.min(rank, LAST_RANK) * RANK_STEP_MS;
}

/** 32-bit hash of a short text (FNV-1a, then mixed): even enough to spread work, stable across versions. */
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
