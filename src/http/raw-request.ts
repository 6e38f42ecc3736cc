import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bodies above this are refused, where a route names no limit of its own. */
export const MAX_BODY_BYTES: number = 1024 * 1024;

/** One request as it was sent, before any check of its input. */
export interface RawRequest {
  readonly method: string;
  /** With the query, if there is one. */
  readonly path: string;
  readonly headers: Headers;
  /** Address of the client, or of the proxy before this pod; undefined where it is unknown. */
  readonly peer?: string | undefined;
  /** Aborted when the client closes the connection before it has the whole answer. */
  readonly signal: AbortSignal;
  /**
   * Reads the body on the first call; later calls get the same result, whatever their limit. Never rejects. Once the signal
   * aborts, reads no further.
   */
  bytes(limitBytes?: number, deadline?: AbortSignal): Promise<BodyBytes>;
}

/** The bytes of a body, as they were sent. */
export type BodyBytes =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** The rest was not read. */
  | { readonly kind: 'too-large' }
  /** It was not there in time. The rest was not read. */
  | { readonly kind: 'late' }
  /** The connection broke, or something else read the body. */
  | { readonly kind: 'unreadable' };

/** The raw side of a request that came through `@hono/node-server`. */
export function rawRequestOf(request: Request, peer?: string): RawRequest {
  const { method, headers, signal } = request;
  const { pathname, search } = new URL(request.url);
  return { method, path: pathname + search, headers, peer, signal, bytes: readOnce(() => request.body ?? none()) };
}

/**
 * The raw side of a request in a {@link HotHandler}, which gets it from `node:http`. Call it before the first `await`: a
 * connection that closes earlier would not abort the signal.
 */
export function rawRequestFrom(incoming: IncomingMessage, outgoing: ServerResponse): RawRequest {
  const closed = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) closed.abort();
  });
  // The default iterator destroys the request where the loop ends early: a body that is too large still gets an answer.
  const read = readOnce(() => incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>);
  let headers: Headers | undefined;
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    get headers() {
      return (headers ??= headersOf(incoming));
    },
    signal: closed.signal,
    bytes: async (limitBytes, deadline) => {
      const body = await read(limitBytes, deadline);
      // Bytes that stay unread would be parsed as the next request of this connection.
      if ((body.kind === 'too-large' || body.kind === 'late') && !outgoing.headersSent) {
        outgoing.setHeader('connection', 'close');
      }
      return body;
    },
  };
}

function readOnce(open: () => AsyncIterable<Uint8Array>): RawRequest['bytes'] {
  let read: Promise<BodyBytes> | undefined;
  return async (limitBytes = MAX_BODY_BYTES, deadline?: AbortSignal) => {
    if (read !== undefined) return await read;
    const whole = readBytes(open, limitBytes, deadline);
    return await (read = deadline === undefined ? whole : Promise.race([whole, lateAt(deadline)]));
  };
}

async function lateAt(deadline: AbortSignal): Promise<BodyBytes> {
  const late = { kind: 'late' } as const;
  if (deadline.aborted) return late;
  return await new Promise((resolve) => deadline.addEventListener('abort', () => resolve(late), { once: true }));
}

async function readBytes(
  open: () => AsyncIterable<Uint8Array>,
  limitBytes: number,
  deadline?: AbortSignal,
): Promise<BodyBytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of open()) {
      // The answer is already given. What came is dropped with this call.
      if (deadline?.aborted === true) return { kind: 'late' };
      size += chunk.byteLength;
      if (size > limitBytes) return { kind: 'too-large' };
      chunks.push(chunk);
    }
  } catch {
    return { kind: 'unreadable' };
  }
  return { kind: 'whole', bytes: Buffer.concat(chunks) };
}

async function* none(): AsyncGenerator<never> {}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return headers;
}
