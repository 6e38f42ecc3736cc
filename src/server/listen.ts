import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { AllswellError } from '../errors.ts';
import type { Handle } from '../http/index.ts';

export interface Listener {
  /** The one taken, also where 0 was asked for. */
  readonly port: number;
  /** Takes no more connections, gives running requests `withinMs` to end, then drops them. */
  close(withinMs: number): Promise<void>;
}

/**
 * Listens for HTTP requests.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE`, or the system's own error for an address that cannot be had
 */
export async function listen(handle: Handle, { host, port }: { host: string; port: number }): Promise<Listener> {
  // HTTP/1.0 knows no Host, and HAProxy's default check sends none; HTTP/1.1 without one is refused by Node.
  const server = createAdaptorServer({ fetch: handle, hostname: 'localhost', overrideGlobalObjects: false });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host, port }, error) : error,
      );
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async (withinMs) => await closeWithin(server, withinMs),
  };
}

type Closable = ReturnType<typeof createAdaptorServer>;

/** A connection whose request ended during the close is idle only then, and Node would keep it for seconds. */
async function closeWithin(server: Closable, withinMs: number): Promise<void> {
  if (!('closeAllConnections' in server)) throw new Error('this server does not speak HTTP/1.1');
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const drop = setTimeout(() => server.closeAllConnections(), withinMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(drop);
}
