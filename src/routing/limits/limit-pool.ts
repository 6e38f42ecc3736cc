import type { LimitKind, LimitLease, LimitUse, PoolUse } from '../../ports/index.ts';
import { createSlidingCount } from '../sliding-count.ts';
import type { CountSpan, SlidingCount } from '../sliding-count.ts';

/** Until use has left the window: 61 s, and the waits of requests that have been planned. */
const WINDOW_MS = 65_000;
/** Time that the store has for its first answer. Until then a new pod cannot know how many others there are. */
export const FIRST_ANSWER_MS = 5_000;
/** After a part of it requests no longer wait: a tenth of the limit, as much as a pod that joins finds free. */
const FIRST_USE_MS = 1_000;

const REFUSED: Readonly<Record<LimitKind, CountSpan>> = {
  rpm: { windowMs: 60_000, bucketMs: 1_000, aheadMs: 0 },
  tpm: { windowMs: 60_000, bucketMs: 1_000, aheadMs: 0 },
  parallel: { windowMs: 10_000, bucketMs: 1_000, aheadMs: 0 },
};

/** One limit of one deployment, as this pod has leased it. Changed in place. */
export interface LimitPool {
  readonly deployment: string;
  readonly kind: LimitKind;
  limit: number;
  /** What this pod may use while the lease lives. */
  share: number;
  /** Fair share at the last answer. */
  target: number;
  /** End of the lease, monotonic ms; -Infinity before the first one. */
  untilMs: number;
  /** Pods with a lease at the last answer. */
  pods: number;
  readonly openedMs: number;
  /** What requests asked for in vain, and the total of it at the last look. */
  readonly refused: SlidingCount;
  refusedTotal: number;
  /** Most requests at once since the last renewal, and before it. */
  peak: number;
}

export function newLimitPool(deployment: string, kind: LimitKind, limit: number, nowMs: number): LimitPool {
  return {
    deployment,
    kind,
    limit,
    share: 0,
    target: 0,
    untilMs: -Infinity,
    pods: 1,
    openedMs: nowMs,
    refused: createSlidingCount(REFUSED[kind]),
    refusedTotal: 0,
    peak: 0,
  };
}

/**
 * What this pod may use now. After the lease, while its use is still in the window, no more than its last share, so that the
 * pods together keep within the limit; then an equal part of it, and at least 1, so that a lost store refuses no request for
 * ever.
 */
export function shareAt(pool: LimitPool, pods: number, nowMs: number): number {
  const { limit, share, untilMs, openedMs } = pool;
  if (nowMs < untilMs) return Math.min(limit, share);
  const part = Math.min(limit, Math.max(1, Math.floor(limit / Math.max(1, pods))));
  if (untilMs === -Infinity && nowMs < openedMs + FIRST_ANSWER_MS) {
    return nowMs < openedMs + FIRST_USE_MS ? 0 : Math.min(part, Math.max(1, Math.floor(limit / 10)));
  }
  return nowMs < untilMs + WINDOW_MS ? Math.min(share, part) : part;
}

/** When {@link shareAt} changes next by time alone; Infinity for never. */
export function nextChangeMs({ untilMs, openedMs }: LimitPool, nowMs: number): number {
  const changes = [untilMs, untilMs + WINDOW_MS, openedMs + FIRST_USE_MS, openedMs + FIRST_ANSWER_MS];
  return Math.min(Infinity, ...changes.filter((at) => at > nowMs));
}

/** Reports the pool, and keeps to what the report says: no more than the fair share, or than what has been used. */
export function reportPool(pool: LimitPool, use: LimitUse | undefined, pods: number, nowMs: number): PoolUse {
  const { deployment, kind, limit } = pool;
  const used = usedOf(use, kind);
  lower(pool, used);
  noteRefused(pool, use, nowMs);
  const busy = kind === 'parallel' ? Math.max(used, pool.peak) : used;
  pool.peak = Math.max(used, Math.floor(pool.peak / 2));
  return {
    deployment,
    kind,
    limit,
    keeps: shareAt(pool, pods, nowMs),
    used,
    demand: Math.ceil(busy + pool.refused.total(nowMs)),
    holdMs: kind === 'parallel' ? 0 : WINDOW_MS,
  };
}

/** Takes a lease that ends at `untilMs`. */
export function takeLease(pool: LimitPool, lease: LimitLease, use: LimitUse | undefined, untilMs: number): void {
  pool.share = lease.share;
  pool.target = lease.target;
  pool.pods = lease.pods;
  pool.untilMs = untilMs;
  lower(pool, usedOf(use, pool.kind));
}

function lower(pool: LimitPool, used: number): void {
  pool.share = Math.min(pool.share, Math.max(pool.target, used));
}

function usedOf(use: LimitUse | undefined, kind: LimitKind): number {
  if (use === undefined) return 0;
  if (kind === 'parallel') return use.inFlight;
  return Math.max(0, Math.ceil(kind === 'rpm' ? use.requests : use.tokens));
}

function noteRefused(pool: LimitPool, use: LimitUse | undefined, nowMs: number): void {
  const total = (pool.kind === 'tpm' ? use?.refusedTokens : use?.refused) ?? 0;
  // Counters begin at 0 again where a deployment gets another target.
  pool.refused.add(total >= pool.refusedTotal ? total - pool.refusedTotal : total, nowMs, nowMs);
  pool.refusedTotal = total;
}
