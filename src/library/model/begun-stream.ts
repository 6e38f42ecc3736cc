/** Parts that come before an answer begins. */
const PRELUDE: ReadonlySet<string> = new Set(['stream-start', 'response-metadata', 'raw']);

interface Part {
  readonly type: string;
  readonly error?: unknown;
}

/**
 * The result of `doStream` once its answer has begun.
 *
 * @throws the error of a stream that begins with one: until then another model can take over
 */
export async function begunStream<R extends { readonly stream: ReadableStream<unknown> }>(result: R): Promise<R> {
  const source = (result.stream as ReadableStream<Part>).getReader();
  const read: Part[] = [];
  let ended = false;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    const { done, value } = await source.read();
    if (done) {
      ended = true;
      break;
    }
    if (value.type === 'error') {
      void source.cancel().catch(() => {});
      throw value.error;
    }
    read.push(value);
    if (!PRELUDE.has(value.type)) break;
  }
  const stream = new ReadableStream<Part>({
    start: (controller) => {
      for (const part of read) controller.enqueue(part);
      if (ended) controller.close();
    },
    pull: async (controller) => {
      const { done, value } = await source.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async (reason) => await source.cancel(reason),
  });
  return { ...result, stream };
}
