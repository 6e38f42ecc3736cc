const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A time span in at most two units.
 *
 * @example
 * spanText(3_900_000) // '1 h 5 min'
 */
export function spanText(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND) * SECOND);
  if (whole < MINUTE) return `${whole / SECOND} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return twoUnits(whole, [HOUR, 'h'], [MINUTE, 'min']);
  return twoUnits(whole, [DAY, 'd'], [HOUR, 'h']);
}

type Unit = readonly [ms: number, name: string];

function twoUnits(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** Age of a moment at another one: `12 s ago`. */
export function agoText(at: string, nowMs: number): string {
  return `${spanText(nowMs - Date.parse(at))} ago`;
}

/** Time until a moment: `in 12 s`, or `now` if it has come. */
export function untilText(at: string, nowMs: number): string {
  const left = Date.parse(at) - nowMs;
  return left < SECOND ? 'now' : `in ${spanText(left)}`;
}

/** Latency in ms, as short as it can be read. */
export function latencyText(ms: number): string {
  if (ms >= 10_000) return `${(ms / SECOND).toFixed(0)} s`;
  if (ms >= SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}
