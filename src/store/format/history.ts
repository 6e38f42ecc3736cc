import { parseJson } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { HistoryLimits, HistoryPoint } from '../../ports/index.ts';
import { wholeCount } from './money.ts';
import { timeFrom, wholeMs, wholeStamp } from './stamps.ts';

const line = /^(\d{1,16}) (\{.*\})$/s;

/** `<at> <json>`, one line: JSON writes a newline as two characters. */
export function pointText({ at, ...rest }: HistoryPoint): string {
  return `${wholeStamp(at)} ${JSON.stringify(rest)}`;
}

/** What a target keeps while the fleet remembers so many of them. */
export function shareOf({ points, fleetPoints, keptMs }: HistoryLimits, targets: number): HistoryShare {
  const share = Math.floor(wholeCount(fleetPoints) / Math.max(1, targets));
  return { points: Math.max(1, Math.min(wholeCount(points), share)), keptUs: wholeMs(keptMs) * 1000 };
}

/** A target's part of the limits. */
export interface HistoryShare {
  readonly points: number;
  readonly keptUs: number;
}

/** A history with one more point before it, less what is too much or too old; as `lua/includes/history.lua` does it. */
export function historyWith(text: string, point: string, now: StoreTime, { points, keptUs }: HistoryShare): string {
  const kept = text.split('\n').filter((one) => {
    const at = timeFrom(line.exec(one)?.[1], now);
    return at !== undefined && at > now - keptUs;
  });
  return [point, ...kept].slice(0, points).join('\n');
}

/**
 * Reads a history, newest first as it was written. A line that does not parse, or is dated after tomorrow, is left out:
 * nothing rests on it.
 */
export function historyFrom(text: string, now: StoreTime): readonly HistoryPoint[] {
  return text.split('\n').flatMap((one) => {
    const [, at, json = ''] = line.exec(one) ?? [];
    const stamp = timeFrom(at, now);
    const point = stamp === undefined ? undefined : pointFrom(stamp, json);
    return point === undefined ? [] : [point];
  });
}

/** No probe takes longer than a day. */
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
  const { class: failure, message } = found;
  const rest = {
    ...(typeof failure === 'string' && { class: failure, message: typeof message === 'string' ? message : '' }),
  };
  const { pod, kind, level, reason, latencyMs } = found;
  return { at, pod, kind, level, reason, latencyMs, ...rest } as HistoryPoint;
}
