import type { StoreTime } from '../../health/index.ts';
import { HISTORY_KEPT_MS, HISTORY_POINTS } from '../../ports/index.ts';
import type { HistoryPoint } from '../../ports/index.ts';
import { stampFrom, wholeStamp } from './stamps.ts';

const line = /^(\d{1,16}) (\{.*\})$/s;

/** `<at> <json>`, one line: JSON writes a newline as two characters. */
export function pointText({ at, ...rest }: HistoryPoint): string {
  return `${wholeStamp(at)} ${JSON.stringify(rest)}`;
}

/** A history with one more point before it, less what is too much or too old; as `lua/includes/history.lua` does it. */
export function historyWith(text: string, point: string, now: StoreTime): string {
  const kept = text.split('\n').filter((one) => {
    const at = stampFrom(line.exec(one)?.[1]);
    return at !== undefined && at > now - HISTORY_KEPT_MS * 1000;
  });
  return [point, ...kept].slice(0, HISTORY_POINTS).join('\n');
}

/** Reads a history, newest first as it was written. A line that does not parse is left out: nothing rests on it. */
export function historyFrom(text: string): readonly HistoryPoint[] {
  return text.split('\n').flatMap((one) => {
    const [, at, json = ''] = line.exec(one) ?? [];
    const stamp = stampFrom(at);
    const point = stamp === undefined ? undefined : pointFrom(stamp, json);
    return point === undefined ? [] : [point];
  });
}

const texts = ['pod', 'kind', 'level', 'reason'] as const;
const kinds: readonly unknown[] = ['ok', 'overloaded', 'failed'] satisfies HistoryPoint['kind'][];

function pointFrom(at: StoreTime, json: string): HistoryPoint | undefined {
  let found: Readonly<Record<string, unknown>>;
  try {
    found = JSON.parse(json) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const sound = texts.every((key) => typeof found[key] === 'string') && kinds.includes(found['kind']);
  if (!sound || !Number.isFinite(found['latencyMs'])) return undefined;
  const { class: failure, message } = found;
  const rest = {
    ...(typeof failure === 'string' && { class: failure, message: typeof message === 'string' ? message : '' }),
  };
  const { pod, kind, level, reason, latencyMs } = found;
  return { at, pod, kind, level, reason, latencyMs, ...rest } as HistoryPoint;
}
