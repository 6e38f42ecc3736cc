import { ServerResponse } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { AllswellError } from '../errors.ts';
import type { Handle } from '../http/index.ts';
import { dropStalledStreams } from './stalled-streams.ts';

export interface Listener {
  /** The one taken, also where 0 was asked for. */
  readonly port: number;
  /** Takes no more connections, gives running requests `withinMs` to end, then drops them. */
  close(withinMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** How long the client of an event stream may read nothing; a minute by default. */
  readonly stallMs?: number;
}

/**
 * Listens for HTTP requests.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE`, or the system's own error for an address that cannot be had
 */
export async function listen(handle: Handle, { host, port, stallMs }: ListenOptions): Promise<Listener> {
  const stalled = dropStalledStreams(stallMs);
  const answer = async (request: Request, { outgoing }: HttpBindings | Http2Bindings): Promise<Response> => {
    const given = await handle(request);
    const isStream = given.headers.get('content-type') === 'text/event-stream';
    if (isStream && outgoing instanceof ServerResponse) stalled.watch(outgoing);
    return given;
  };
  // HTTP/1.0 knows no Host, and HAProxy's default check sends none; HTTP/1.1 without one is refused by Node.
  const server = createAdaptorServer({ fetch: answer, hostname: 'localhost', overrideGlobalObjects: false });
  if (!isHttp1(server)) throw new Error('this server does not speak HTTP/1.1');
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host, port }, error) : error,
      );
    });
    server.listen(port, host, resolve);
  });
  // A connection that could not be accepted ends nothing: whatever keeps others from coming is logged where it is seen.
  server.on('error', () => {});
  return {
    port: (server.address() as AddressInfo).port,
    close: async (withinMs) => {
      await closeWithin(server, withinMs);
      stalled.stop();
    },
  };
}

function isHttp1(server: ReturnType<typeof createAdaptorServer>): server is Server {
  return 'closeAllConnections' in server;
}

/** A connection whose request ended during the close is idle only then, and Node would keep it for seconds. */
async function closeWithin(server: Server, withinMs: number): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const drop = setTimeout(() => server.closeAllConnections(), withinMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(drop);
}
