import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { AllswellError } from '../../errors.ts';
import type { WorkerAddress } from './messages.ts';

/** The version and platform of Node, as in `process`. */
export interface NodePlatform {
  readonly platform: NodeJS.Platform;
  readonly versions: { readonly node: string };
}

/**
 * How workers share the port. With `reuse-port` each listens for itself, and the kernel spreads connections: that needs Linux
 * and Node 23.1. Elsewhere the primary process accepts connections and hands them to the workers in turn.
 */
export function portSharing({ platform, versions }: NodePlatform): WorkerAddress['sharing'] {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  return platform === 'linux' && (major > 23 || (major === 23 && minor >= 1)) ? 'reuse-port' : 'handle';
}

/**
 * Finds a port that workers can listen on, and frees it again. Workers that share a port would also share it with another
 * pod without an error, so this is where a port in use is found.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE`, or the system's error for an address that cannot be used
 */
export async function findPort(host: string, port: number): Promise<number> {
  const server = createServer();
  const found = await new Promise<number>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host, port }, error) : error,
      );
    });
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return found;
}
