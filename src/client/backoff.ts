const FIRST_MS = 250;
const MOST_MS = 10_000;

/**
 * Wait before the next attempt, ms: doubled after each failure, at most 10 s, and between half and all of that by chance, so
 * that clients of a restarted pod do not come at once.
 *
 * @example
 * backoffMs(2, 1) // 1000
 */
export function backoffMs(failures: number, random: number = Math.random()): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + random / 2);
}

/** Resolves after a time, or once the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
