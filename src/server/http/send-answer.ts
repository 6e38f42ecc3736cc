import type { ServerResponse } from 'node:http';
import { sendStream } from '../../http/index.ts';
import type { Sent } from '../../http/index.ts';

/** Sends the head of a streamed answer at once, then its parts as they come. */
export async function sendAnswer(outgoing: ServerResponse, { status, headers, body }: Response): Promise<Sent> {
  outgoing.setHeaders(headers).writeHead(status).flushHeaders();
  return await sendStream(outgoing, partsOf(body ?? ReadableStream.from([]), outgoing));
}

/** The loop over a `ReadableStream` cancels it only after the next part, which may never come. */
async function* partsOf(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  if (outgoing.destroyed) cancel();
  outgoing.once('close', cancel);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
