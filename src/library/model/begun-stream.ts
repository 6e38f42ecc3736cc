import type { AnswerEnd } from '../answer-end.ts';

/** Parts that come before an answer begins. */
const PRELUDE: ReadonlySet<string> = new Set(['stream-start', 'response-metadata', 'raw']);

interface Part {
  readonly type: string;
  readonly error?: unknown;
}

/** What `doStream` answers. */
export interface StreamResult {
  readonly stream: ReadableStream<unknown>;
}

/** A result whose answer has begun. */
export interface BegunStream {
  readonly result: StreamResult;
  /** Calls `onEnd` when the stream ends. */
  watch(onEnd: (end: AnswerEnd) => void): void;
}

/**
 * The result of `doStream` once its answer has begun.
 *
 * @throws the error of a stream that begins with one: until then another model can take over
 */
export async function begunStream(result: StreamResult): Promise<BegunStream> {
  const source = (result.stream as ReadableStream<Part>).getReader();
  const read: Part[] = [];
  let end: AnswerEnd | undefined;
  let watcher = (_end: AnswerEnd): void => {};
  const ended = (how: AnswerEnd): void => {
    // Most streams go on to an orderly end after an error, so the first end counts.
    if (end !== undefined) return;
    end = how;
    watcher(how);
  };
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    const { done, value } = await source.read();
    if (done) {
      ended('whole');
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
      if (end !== undefined) controller.close();
    },
    pull: async (controller) => {
      const { done, value } = await source.read().catch((error: unknown) => {
        ended(endOfError(error, 'broken'));
        throw error;
      });
      if (done) {
        ended('whole');
        return controller.close();
      }
      if (value.type === 'error') ended(endOfError(value.error, 'failed'));
      controller.enqueue(value);
    },
    cancel: async (reason) => {
      ended('left');
      await source.cancel(reason);
    },
  });
  return {
    result: { ...result, stream },
    watch: (onEnd) => {
      watcher = onEnd;
      if (end !== undefined) onEnd(end);
    },
  };
}

/** An abort and errors that the SDK made of itself prove nothing about the upstream. */
function endOfError(error: unknown, end: 'broken' | 'failed'): AnswerEnd {
  const name: unknown = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  if (name === 'AbortError' || name === 'TimeoutError') return 'left';
  const isOfSdk = typeof name === 'string' && name.startsWith('AI_') && name !== 'AI_APICallError';
  return isOfSdk ? 'left' : end;
}
