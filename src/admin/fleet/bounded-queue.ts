/** A queue of bytes for one reader, with a limit. */
export interface BoundedQueue {
  /** For one reader. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** False where the queue is full: it is emptied, and the reader comes to its end with the next read. */
  push(chunk: Uint8Array): boolean;
  /** The reader still gets what is queued, then comes to the end. */
  end(): void;
}

/**
 * Holds what one reader has not read yet, up to `limitBytes`. A reader that does not keep up loses its stream, not the
 * memory of the pod.
 *
 * @param gone called once when the reader left or was too slow
 */
export function boundedQueue(limitBytes: number, gone: () => void): BoundedQueue {
  let queue: Uint8Array[] = [];
  let bytes = 0;
  let state: 'open' | 'ending' | 'left' = 'open';
  let wake = (): void => {};

  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (queue.length === 0 && state === 'open') await new Promise<void>((resolve) => (wake = resolve));
    const chunk = queue.shift();
    if (chunk === undefined) return { done: true, value: undefined };
    bytes -= chunk.byteLength;
    return { done: false, value: chunk };
  };
  // Written by hand, because `return` of a generator would wait for the next chunk before it takes effect.
  const iterator: AsyncIterator<Uint8Array, undefined> = {
    next,
    return: async () => {
      state = 'left';
      queue = [];
      wake();
      gone();
      return await Promise.resolve({ done: true, value: undefined });
    },
  };
  const end = (): void => {
    if (state === 'open') state = 'ending';
    wake();
  };
  return {
    chunks: { [Symbol.asyncIterator]: () => iterator },
    push(chunk) {
      if (state !== 'open') return false;
      if (bytes + chunk.byteLength > limitBytes) {
        queue = [];
        end();
        gone();
        return false;
      }
      queue.push(chunk);
      bytes += chunk.byteLength;
      wake();
      return true;
    },
    end,
  };
}
