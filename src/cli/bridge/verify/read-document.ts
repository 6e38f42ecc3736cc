import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeStore, StoreAnswer } from '../../../ports/index.ts';

/** Longer results are not read. */
const MOST_BYTES = 16 * 1_048_576;
/** A connection takes a moment. */
const CONNECTS_WITHIN_MS = 5_000;
/** A bridge writes its results every 5 s, and a read in that second is not seen. Without a bridge, no bridge sees reads. */
const UNSEEN_WITHIN_MS = 8_000;
const PAUSE_MS = 100;

/**
 * The results in Redis, once it answers; null without a Redis. The bridge must not take this read for that of a LiteLLM pod,
 * so it waits for a moment in which the read is not seen.
 */
export async function readDocument(
  results: Pick<BridgeStore, 'readText' | 'readTextUnseen'> | null,
  end: AbortSignal,
): Promise<StoreAnswer<string> | null> {
  if (results === null) return null;
  const from = performance.now();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    const answer = await results.readTextUnseen(MOST_BYTES);
    const waitedMs = performance.now() - from;
    if (answer.kind !== 'ok') {
      if (waitedMs > CONNECTS_WITHIN_MS || end.aborted) return answer;
    } else if (answer.value !== null) {
      return { ...answer, value: answer.value };
    } else if (waitedMs > UNSEEN_WITHIN_MS || end.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- the last one
      return await results.readText(MOST_BYTES);
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pause(PAUSE_MS, undefined, { signal: end }).catch(() => {});
  }
}
