import type { PodId, StoreTime } from '../../health/index.ts';
import type { LimitLease } from '../../ports/index.ts';
import { MOST_LIMIT_ROWS } from '../format/index.ts';
import type { LimitPoolRecord, LimitRow } from '../format/index.ts';

/** What one pod reports of a pool, and asks for. */
export interface AskedShare {
  readonly pod: PodId;
  readonly number: number;
  /** 0 to give the lease back. */
  readonly ttlUs: number;
  readonly holdUs: number;
  readonly pods: number;
  readonly limit: number;
  readonly keeps: number;
  readonly used: number;
  readonly demand: number;
}

/** The pool after a command, and the pod's lease. */
export interface DividedLimit {
  readonly pool: LimitPoolRecord;
  readonly lease: LimitLease;
}

/** Divides one limit by the rules of `LimitStore`, as the script `lease-limits` does. Pure. */
export function divideLimit(found: LimitPoolRecord | undefined, asked: AskedShare, now: StoreTime): DividedLimit {
  const pool = found === undefined || found.rows.length === 0 ? { since: now, rows: [] } : found;
  const { pod, number, keeps, used, limit } = asked;
  const mine = pool.rows.find((row) => row.pod === pod);
  const others = pool.rows.filter((row) => row.pod !== pod);
  if (mine !== undefined && mine.number >= number) {
    const share = Math.min(keeps, mine.share);
    return { pool, lease: { share, target: share, pods: liveOf(pool.rows, now).length } };
  }
  if (mine === undefined && others.length >= MOST_LIMIT_ROWS) {
    return { pool, lease: { share: 0, target: 0, pods: liveOf(others, now).length } };
  }
  if (asked.ttlUs === 0) return gaveBack(pool, asked, now);
  const room = Math.max(0, limit - sumOf(others, countOf));
  const until = now + asked.ttlUs;
  const entry = { pod, number, share: 0, used, demand: asked.demand, until, counted: until + asked.holdUs };
  const rows = withRow(pool.rows, entry);
  const live = liveOf(rows, now);
  const target = fairShare(live, pod, limit, sumOf(rows, countOf) - sumOf(live, countOf));
  const settling = now < pool.since + asked.ttlUs;
  const kept = keptOf(mine, { keeps, room, settling }, now);
  const most = settling ? firstShare(asked, kept, target) : target;
  const share = Math.max(kept, Math.min(most, room));
  return {
    pool: { since: pool.since, rows: withRow(rows, { ...entry, share }) },
    lease: { share, target, pods: live.length },
  };
}

function gaveBack(pool: LimitPoolRecord, { pod, number, used, holdUs }: AskedShare, now: StoreTime): DividedLimit {
  const entry = { pod, number, share: 0, used, demand: 0, until: now, counted: now + holdUs };
  const rows = used > 0 && holdUs > 0 ? withRow(pool.rows, entry) : pool.rows.filter((row) => row.pod !== pod);
  return {
    pool: { since: pool.since, rows },
    lease: { share: 0, target: 0, pods: liveOf(rows, now).length },
  };
}

/** What a pool must count for a pod: a request that an estimate took for smaller has used more than the share. */
function countOf({ share, used }: LimitRow): number {
  return Math.max(share, used);
}

/** Only what the store counts, or lost, is kept. */
function keptOf(
  mine: LimitRow | undefined,
  { keeps, room, settling }: { readonly keeps: number; readonly room: number; readonly settling: boolean },
  now: StoreTime,
): number {
  if (mine !== undefined && mine.until > now) return Math.min(keeps, mine.share);
  return settling ? Math.min(keeps, room) : 0;
}

function firstShare({ keeps, limit, pods }: AskedShare, kept: number, target: number): number {
  return keeps > 0 ? kept : Math.min(target, Math.max(1, Math.floor(limit / Math.max(1, pods))));
}

/**
 * Fair share of one pod, by the largest remainders; among equal ones the older row is first. `ended` is what rows without
 * a live lease count. Scripts do the same in the same order, so that the results are equal to the last bit.
 */
function fairShare(live: readonly LimitRow[], pod: PodId, limit: number, ended: number): number {
  const pods = live.length;
  const unused = Math.max(0, limit - ended - sumOf(live, ({ used }) => used));
  const all = Math.max(0, limit - ended - Math.floor(unused / 10));
  const least = all >= 2 * pods ? 1 : 0;
  const base = limit / (4 * pods);
  const rest = all - least * pods;
  const weights = live.map(({ demand }) => Math.min(demand, limit) + base);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum === 0) return 0;
  const exact = weights.map((weight) => (rest * weight) / sum);
  const left = rest - exact.reduce((total, one) => total + Math.floor(one), 0);
  const at = live.findIndex((row) => row.pod === pod);
  const own = exact[at] ?? 0;
  const fraction = own - Math.floor(own);
  let rank = 0;
  for (const [index, one] of exact.entries()) {
    const other = one - Math.floor(one);
    if (other > fraction || (other === fraction && index < at)) rank += 1;
  }
  return least + Math.floor(own) + (rank < left ? 1 : 0);
}

function liveOf(rows: readonly LimitRow[], now: StoreTime): readonly LimitRow[] {
  return rows.filter(({ until }) => until > now);
}

function withRow(rows: readonly LimitRow[], entry: LimitRow): readonly LimitRow[] {
  const at = rows.findIndex(({ pod }) => pod === entry.pod);
  return at === -1 ? [...rows, entry] : rows.with(at, entry);
}

function sumOf(rows: readonly LimitRow[], of: (row: LimitRow) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
