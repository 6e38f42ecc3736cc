import { parseJson } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { HistoryLimits, HistoryPoint, RepeatedPoint } from '../../ports/index.ts';
import { wholeCount } from './money.ts';
import { timeFrom, wholeMs, wholeStamp } from './stamps.ts';

/** Runs of one target have at most this many bytes for each point of its share, and in all. */
const RUN_BYTES_PER_POINT = 400;
const MOST_RUN_BYTES = 65_536;

/** Text `<at> <json>`, one line, because JSON writes a newline as two characters. */
export function pointText({ at, ...rest }: HistoryPoint): string {
  return `${wholeStamp(at)} ${JSON.stringify(rest)}`;
}

/** Points that one target keeps when the fleet has so many histories. */
export function shareOf({ points, fleetPoints, keptMs }: HistoryLimits, targets: number): HistoryShare {
  const share = Math.floor(wholeCount(fleetPoints) / Math.max(1, targets));
  return { points: Math.max(1, Math.min(wholeCount(points), share)), keptUs: wholeMs(keptMs) * 1000 };
}

/** One target's share of the limits. */
export interface HistoryShare {
  readonly points: number;
  readonly keptUs: number;
}

/**
 * A history with a new first point, without what is beyond the limits; equal to `lua/includes/history.lua`. Points beyond
 * their number become runs: successive points with one result, of which the newest is kept in full, and of the others time
 * and latency.
 */
export function historyWith(text: string, point: string, now: StoreTime, { points, keptUs }: HistoryShare): string {
  const oldestAt = now - keptUs;
  const lines = [point];
  const runs: Run[] = [];
  for (const line of text.split('\n')) {
    const run = runFrom(line, now);
    if (run === undefined || run.at <= oldestAt) continue;
    if (lines.length < points) {
      const kept = runText(run, oldestAt, MOST_RUN_BYTES);
      if (kept !== undefined) lines.push(kept);
    } else {
      const last = runs.at(-1);
      const joined = last && joinedRun(last, run);
      if (joined !== undefined) runs.pop();
      runs.push(joined ?? run);
    }
  }
  return [...lines, ...runTexts(runs, oldestAt, Math.min(points * RUN_BYTES_PER_POINT, MOST_RUN_BYTES))].join('\n');
}

/** The runs that fit, newest first. */
function runTexts(runs: readonly Run[], oldestAt: StoreTime, bytes: number): readonly string[] {
  const texts: string[] = [];
  let room = bytes;
  for (const run of runs) {
    const text = runText(run, oldestAt, room);
    if (text === undefined) break;
    texts.push(text);
    room -= Buffer.byteLength(text) + 1;
  }
  return texts;
}

/** A line `<at> <json>`, or with more points: `<at> <json> <second of the oldest> <seconds back>:<latency, ms> …`. */
interface Run {
  readonly at: StoreTime;
  readonly head: string;
  readonly json: string;
  /** Second of the newest point, and of the oldest. */
  readonly second: number;
  readonly oldest: number;
  readonly pairs: string;
}

const runLine = /^(\d+) (\{.*\}) (\d+)( [ \d:]*)$/s;
const pointLine = /^(\d+) (\{.*\})$/s;

function runFrom(text: string, now: StoreTime): Run | undefined {
  const [, digits, json = '', oldest, pairs = ''] = runLine.exec(text) ?? pointLine.exec(text) ?? [];
  const at = timeFrom(digits, now);
  if (at === undefined) return undefined;
  const second = Math.floor(at / SECOND_US);
  if (oldest !== undefined && (oldest.length > 10 || Number(oldest) > second)) return undefined;
  return { at, head: `${digits} ${json}`, json, second, oldest: oldest === undefined ? second : Number(oldest), pairs };
}

const SECOND_US = 1_000_000;
const kindIn = /"kind":"([A-Za-z]+)"/;
const classIn = /"class":"([A-Za-z-]+)"/;
const latencyIn = /"latencyMs":(\d+)/;

/** Both as one run; undefined if their results differ, or the second is not older. */
function joinedRun(run: Run, older: Run): Run | undefined {
  const kind = kindIn.exec(older.json)?.[1];
  const latency = latencyIn.exec(older.json)?.[1];
  const back = run.oldest - older.second;
  if (kind === undefined || latency === undefined || latency.length > 8 || back < 0 || back > 999_999_999) {
    return undefined;
  }
  const isSame = kind === kindIn.exec(run.json)?.[1] && classIn.exec(older.json)?.[1] === classIn.exec(run.json)?.[1];
  if (!isSame) return undefined;
  return { ...run, oldest: older.oldest, pairs: `${run.pairs} ${back}:${latency}${older.pairs}` };
}

const lastPair = / (\d+):(\d+)$/;

/** The text of a run without the pairs that are too old or have no room; undefined if it has none, or does not parse. */
function runText({ head, pairs, ...run }: Run, oldestAt: StoreTime, room: number): string | undefined {
  const headBytes = Buffer.byteLength(head);
  let stop = pairs.length;
  let { oldest } = run;
  while (stop > 0 && (oldest * SECOND_US <= oldestAt || headBytes + 11 + stop > room)) {
    const [, back, latency = ''] = lastPair.exec(pairs.slice(Math.max(0, stop - 20), stop)) ?? [];
    if (back === undefined || back.length > 9) return undefined;
    oldest += Number(back);
    stop -= back.length + latency.length + 2;
  }
  if (stop > 0) return `${head} ${oldest}${pairs.slice(0, stop)}`;
  return headBytes <= room ? head : undefined;
}

/** Points of a history with all that was stored of them, and older ones with the result of the point after them. */
export interface ParsedHistory {
  readonly points: readonly HistoryPoint[];
  readonly repeats: readonly RepeatedPoint[];
}

/**
 * Parses a history, newest point first. A line that does not parse, or is dated more than a day ahead, is skipped. No decision
 * depends on it.
 */
export function historyFrom(text: string, now: StoreTime): ParsedHistory {
  const points: HistoryPoint[] = [];
  const repeats: RepeatedPoint[] = [];
  for (const line of text.split('\n')) {
    const run = runFrom(line, now);
    const point = run && pointFrom(run.at, run.json);
    if (run === undefined || point === undefined) continue;
    points.push(point);
    repeats.push(...repeatsOf(point, run));
  }
  return { points, repeats };
}

function repeatsOf(point: HistoryPoint, { second, pairs }: Run): readonly RepeatedPoint[] {
  const { pod, kind, class: failure, message = '' } = point;
  const same = { pod, kind, ...(failure !== undefined && { class: failure, message }) };
  const repeats: RepeatedPoint[] = [];
  let at = second;
  for (const pair of pairs.split(' ')) {
    const colon = pair.indexOf(':');
    const [back, latencyMs] = [Number(pair.slice(0, colon)), Number(pair.slice(colon + 1))];
    if (colon < 1 || colon > 9 || !isLatency(latencyMs)) continue;
    at -= back;
    if (at < 0) break;
    repeats.push({ ...same, at: at * SECOND_US, latencyMs });
  }
  return repeats;
}

/** Longest latency of a point, ms: a day. */
function isLatency(ms: unknown): boolean {
  return typeof ms === 'number' && ms >= 0 && ms <= 86_400_000;
}

const texts = ['pod', 'kind', 'level', 'reason'] as const;
const kinds: readonly unknown[] = ['ok', 'overloaded', 'failed'] satisfies HistoryPoint['kind'][];

function pointFrom(at: StoreTime, json: string): HistoryPoint | undefined {
  const found = parseJson(json) as Readonly<Record<string, unknown>> | null | undefined;
  if (typeof found !== 'object' || found === null) return undefined;
  const sound = texts.every((key) => typeof found[key] === 'string') && kinds.includes(found['kind']);
  if (!sound || !isLatency(found['latencyMs'])) return undefined;
  const { class: failure, message, source } = found;
  const rest = {
    ...((source === 'traffic' || source === 'external') && { source }),
    ...(typeof failure === 'string' && { class: failure, message: typeof message === 'string' ? message : '' }),
  };
  const { pod, kind, level, reason, latencyMs } = found;
  return { at, pod, kind, level, reason, latencyMs, ...rest } as HistoryPoint;
}
