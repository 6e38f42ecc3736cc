const LONGEST_MS = 10 * 60_000;

/**
 * How long an upstream asks to be left alone, ms: from `retry-after-ms`, or from `Retry-After` in seconds or as a date.
 * At most ten minutes, whatever it asks for; undefined when it does not say, or not in a way that can be read.
 *
 * @example
 * retryAfterMs({ 'retry-after': '7' }, Date.now()) // 7_000
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, wallMs: number): number | undefined {
  const exact = decimal(headers['retry-after-ms']);
  if (exact !== undefined) return boundedWaitMs(exact);
  const text = headers['retry-after'];
  const seconds = decimal(text);
  if (seconds !== undefined) return boundedWaitMs(seconds * 1_000);
  const until = text === undefined ? Number.NaN : httpDate(text);
  return Number.isNaN(until) ? undefined : boundedWaitMs(Math.max(0, until - wallMs));
}

/** Limits a wait to ten minutes. */
export function boundedWaitMs(ms: number): number {
  return Math.min(Math.round(ms), LONGEST_MS);
}

function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,15}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
}

// Date.parse alone takes almost anything for a date, such as "-5".
function httpDate(text: string): number {
  return /^\w{3},? .*\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}
