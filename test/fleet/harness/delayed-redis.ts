import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { PodShape, TestFleet } from './fleet.ts';

/**
 * Opens a proxy before the fleet's Redis: commands pass at once; each answer and each pushed event comes `delayMs` later.
 * Returns the shape of a pod that uses it.
 */
export async function openDelayedRedis(fleet: TestFleet, delayMs: number): Promise<PodShape> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ port: fleet.redis.port, host: '127.0.0.1' });
    const drop = (): void => {
      for (const socket of [near, far]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true).on('error', drop).on('close', drop);
    }
    near.pipe(far);
    // Timers of one length end in the order of their start.
    far.on('data', (data) => void setTimeout(() => near.writable && near.write(data), delayMs));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  fleet.onStop(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { redisPort: (server.address() as AddressInfo).port };
}
