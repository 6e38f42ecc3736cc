import type { IncomingMessage } from 'node:http';

/** The bytes of a request's body. */
export type ReadBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** The rest was not read. */
  | { readonly kind: 'too-large' }
  | { readonly kind: 'client-left' };

/** Reads a body up to a limit. `Content-Length` alone is enough to refuse it. */
export function readBody(incoming: IncomingMessage, limitBytes: number): Promise<ReadBody> {
  const told = Number(incoming.headers['content-length']);
  if (told > limitBytes) return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (body: ReadBody): void => {
      incoming.off('data', onData);
      incoming.off('end', onEnd);
      incoming.off('close', onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limitBytes) {
        incoming.pause();
        settle({ kind: 'too-large' });
      } else chunks.push(chunk);
    };
    const onEnd = (): void => {
      const [first] = chunks;
      settle({ kind: 'whole', bytes: chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks) });
    };
    const onClose = (): void => settle({ kind: 'client-left' });
    incoming.on('data', onData);
    incoming.on('end', onEnd);
    incoming.on('close', onClose);
    incoming.on('error', ignore);
  });
}

/** `close` follows, and settles. */
function ignore(): void {}
