import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

// A Redis Cluster node also listens 10 000 above its port.
const HIGHEST_PORT = 55_535;

/** A TCP port of the loopback address that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await boundPort();
    if (port <= HIGHEST_PORT) return port;
  }
}

function boundPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
