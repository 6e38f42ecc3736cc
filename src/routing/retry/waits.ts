import type { Random } from '../../ports/index.ts';

/** First back-off before an attempt at a deployment that failed in this request. */
const BACK_OFF_MS = 500;
/** Longest `Retry-After` that is waited for: beyond it the caller, who has it in the answer, can decide better. LiteLLM waits a minute. */
const MOST_WAIT_MS = 10_000;
/** Longest one while a fallback can take the request at once. */
const MOST_WAIT_BEFORE_FALLBACK_MS = 1_000;
/** Part of a `Retry-After` by which waits are spread, so that requests that wait for the same one do not start together. */
const SPREAD = 0.1;

/** Wait before another attempt at a deployment that failed; half of the back-off to all of it, at random. */
export function backOffMs(leastMs: number, random: Pick<Random, 'next'>): number {
  return Math.max(leastMs, Math.round(BACK_OFF_MS * (0.5 + random.next() / 2)));
}

/** Wait until a `Retry-After` has passed. */
export function restMs(leftMs: number, random: Pick<Random, 'next'>): number {
  return Math.ceil(leftMs * (1 + SPREAD * random.next()));
}

/** True if a request may wait for so long. `beforeFallback`: another group can take it now. */
export function isWorthWaiting(waitMs: number, instead: 'fallback' | 'nothing'): boolean {
  return waitMs <= (instead === 'fallback' ? MOST_WAIT_BEFORE_FALLBACK_MS : MOST_WAIT_MS);
}
