/** A stream whose queue has an end. */
export interface BoundedStream {
  readonly stream: ReadableStream<Uint8Array>;
  /** False where the queue is full: then it is thrown away and the stream ends as soon as its reader reads on. */
  push(chunk: Uint8Array): boolean;
  /** What waits is still read, then the stream ends. */
  end(): void;
}

/**
 * Holds what one reader has not read yet, up to `limitBytes`. A reader that does not keep up loses its stream, not the
 * memory of the pod.
 *
 * @param gone told once when the reader hung up or was too slow
 */
export function boundedStream(limitBytes: number, gone: () => void): BoundedStream {
  let queue: Uint8Array[] = [];
  let bytes = 0;
  let state: 'open' | 'ending' | 'cancelled' = 'open';
  let wake = (): void => {};

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (queue.length === 0 && state === 'open') await new Promise<void>((resolve) => (wake = resolve));
        const chunk = queue.shift();
        if (chunk !== undefined) {
          bytes -= chunk.byteLength;
          controller.enqueue(chunk);
        } else if (state === 'ending') controller.close();
      },
      cancel() {
        state = 'cancelled';
        queue = [];
        wake();
        gone();
      },
    },
    // Nothing is kept beside the queue above.
    { highWaterMark: 0 },
  );

  const end = (): void => {
    if (state === 'open') state = 'ending';
    wake();
  };
  return {
    stream,
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
