import { parseJson } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { HistoryLimits, HistoryPoint } from '../../ports/index.ts';
import { wholeCount } from './money.ts';
import { timeFrom, wholeMs, wholeStamp } from './stamps.ts';

const line = /^(\d{1,16}) (\{.*\})$/s;

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

/** A history with a new first point, without the points beyond the limits; equal to `lua/includes/history.lua`. */
export function historyWith(text: string, point: string, now: StoreTime, { points, keptUs }: HistoryShare): string {
  const kept = text.split('\n').filter((one) => {
    const at = timeFrom(line.exec(one)?.[1], now);
    return at !== undefined && at > now - keptUs;
  });
  return [point, ...kept].slice(0, points).join('\n');
}

/**
 * Parses a history, newest point first. A line that does not parse, or is dated more than a day ahead, is skipped. No decision
 * depends on it.
 */
export function historyFrom(text: string, now: StoreTime): readonly HistoryPoint[] {
  return text.split('\n').flatMap((one) => {
    const [, at, json = ''] = line.exec(one) ?? [];
    const stamp = timeFrom(at, now);
    const point = stamp === undefined ? undefined : pointFrom(stamp, json);
    return point === undefined ? [] : [point];
  });
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
