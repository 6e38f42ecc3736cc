import type { IncomingMessage } from 'node:http';
import type { BodyHold } from './pod-load.ts';

/** The bytes of a request's body. */
export type ReadBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** The rest was not read. */
  | { readonly kind: 'too-large' }
  /** The pod holds too many bytes of bodies. The rest was not read. */
  | { readonly kind: 'no-room' }
  | { readonly kind: 'client-left' };

/** Reads a body up to a limit, while the pod has room. `Content-Length` alone is enough to refuse it. */
export function readBody(incoming: IncomingMessage, limitBytes: number, hold: BodyHold): Promise<ReadBody> {
  const told = Number(incoming.headers['content-length'] ?? 0);
  if (told > limitBytes) return Promise.resolve({ kind: 'too-large' });
  if (!hold.hasRoomFor(told)) return Promise.resolve({ kind: 'no-room' });
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
      const kind = size > limitBytes ? 'too-large' : !hold.take(chunk.length) ? 'no-room' : 'read';
      if (kind === 'read') {
        chunks.push(chunk);
        return;
      }
      incoming.pause();
      settle({ kind });
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
