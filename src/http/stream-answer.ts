import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Parts of a body as they come. A `ReadableStream` is one, too. */
export type ByteSource = AsyncIterable<Uint8Array>;

/**
 * A route's answer in parts. The next part is asked for when the client has taken the last one. When the client closes the
 * connection, the source's `return()` is called; a source that waits for something must also watch the signal of its
 * request, because `return()` of a generator takes effect only when that wait is over.
 */
export function streamAnswer(source: ByteSource, init: ResponseInit = {}): Response {
  const answer = new Response(source instanceof ReadableStream ? source : ReadableStream.from(source), init);
  streamed.add(answer);
  return answer;
}

/** Whether {@link streamAnswer} made it. The others have their whole body from the start. */
export function isStreamAnswer(answer: Response): boolean {
  return streamed.has(answer);
}

const streamed = new WeakSet<Response>();

/** Server-sent events, which no proxy shall buffer. */
export function eventStreamAnswer(source: ByteSource): Response {
  return streamAnswer(source, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
}

/** How an answer in parts ended. */
export type Sent =
  | { readonly kind: 'whole' }
  /** The client closed the connection. */
  | { readonly kind: 'closed-by-client' }
  /** The source failed; the connection was destroyed, so that the client does not take what it has for the whole. */
  | { readonly kind: 'source-failed'; readonly why: string };

/**
 * Writes an answer in parts from a {@link HotHandler}, at the speed of the client. The handler writes the head first. As
 * for {@link streamAnswer}, the source must watch the signal of its request.
 */
export async function sendStream(outgoing: ServerResponse, source: ByteSource): Promise<Sent> {
  let cause: 'client' | 'source' | undefined = outgoing.destroyed ? 'client' : undefined;
  // A source that fails because its request was aborted fails after the close, and its failure closes the connection.
  const onClose = (): void => void (cause ??= 'client');
  outgoing.once('close', onClose);
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      cause ??= 'source';
      // Without an Error the pipeline would take the end of the source for a whole answer.
      throw error instanceof Error ? error : new Error(String(error));
    }
  };
  try {
    await pipeline(watched(), outgoing);
    return { kind: 'whole' };
  } catch (error) {
    if (cause === 'client') return { kind: 'closed-by-client' };
    return { kind: 'source-failed', why: error instanceof Error ? error.message : String(error) };
  } finally {
    outgoing.off('close', onClose);
  }
}
