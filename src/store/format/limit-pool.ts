import { createHash } from 'node:crypto';
import type { PodId, StoreTime } from '../../health/index.ts';
import type { LimitKind } from '../../ports/index.ts';
import { isName, isPodId } from './names.ts';
import { boundedText, LONGEST_PIECE } from './sizes.ts';
import { stampFrom, timeFrom } from './stamps.ts';

/** Longest lease of a limit, and longest time for which its use counts on. Later times in the store are cut. */
export const LONGEST_LIMIT_LEASE_MS = 60_000;
export const LONGEST_LIMIT_HOLD_MS = 180_000;
/** Most pods in one pool. A further one gets no share. */
export const MOST_LIMIT_ROWS = 1_200;
/** More pools than a fleet can have. A hash with so many is removed. */
export const MOST_LIMIT_FIELDS = 10_000;

/** What one pod holds of a pool. */
export interface LimitRow {
  readonly pod: PodId;
  /** Number of the command that wrote it. */
  readonly number: number;
  readonly share: number;
  readonly used: number;
  readonly demand: number;
  /** End of the lease. */
  readonly until: StoreTime;
  /** Until when share and use count. */
  readonly counted: StoreTime;
}

/** A pool as stored: `<since>;<pod> <number> <share> <used> <demand> <until> <counted>;…`, oldest row first. */
export interface LimitPoolRecord {
  /** Time of its first command. */
  readonly since: StoreTime;
  readonly rows: readonly LimitRow[];
}

/** Parses a pool: without garbage and rows that no longer count. Times that are too late are cut. */
export function limitPoolFrom(text: string | undefined, now: StoreTime): LimitPoolRecord | undefined {
  const [head, ...parts] = boundedText(text ?? '', LONGEST_PIECE).split(';');
  const since = timeFrom(head, now);
  if (since === undefined) return undefined;
  const rows = parts.map((part) => rowFrom(part, now)).filter((row) => row !== undefined);
  return { since: Math.min(since, now), rows: rows.filter(({ counted }) => counted > now) };
}

/** Text of a pool. */
export function limitPoolText({ since, rows }: LimitPoolRecord): string {
  return [
    String(since),
    ...rows.map(({ pod, number, share, used, demand, until, counted }) =>
      [pod, number, share, used, demand, until, counted].join(' '),
    ),
  ].join(';');
}

/** Field of a pool. An id that is no name is replaced by its hash. */
export function limitField(deployment: string, kind: LimitKind): string {
  return `${kind}:${isName(deployment) ? deployment : createHash('sha256').update(deployment).digest('hex')}`;
}

function rowFrom(text: string, now: StoreTime): LimitRow | undefined {
  const [pod = '', ...texts] = text.split(' ');
  const [number, share, used, demand, until, counted] = texts.map((one) => stampFrom(one));
  if (!isPodId(pod) || texts.length !== 6) return undefined;
  if (number === undefined || share === undefined || used === undefined || demand === undefined) return undefined;
  if (until === undefined || counted === undefined) return undefined;
  const latest = now + LONGEST_LIMIT_LEASE_MS * 1_000;
  return {
    pod,
    number,
    share,
    used,
    demand,
    until: Math.min(until, latest),
    counted: Math.min(counted, latest + LONGEST_LIMIT_HOLD_MS * 1_000),
  };
}
