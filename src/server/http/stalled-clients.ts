import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Longest time for which a client may read nothing while bytes wait for it. */
const STALL_MS = 60_000;
/** Checks per deadline. */
const CHECKS = 4;

/**
 * Destroys connections whose clients do not read. Otherwise an answer lasts as long as the kernel keeps the connection: the
 * waiting bytes are never written, so neither an error nor an end occurs.
 */
export function dropStalledClients(server: Server, stallMs: number = STALL_MS): { stop(): void } {
  const connections = new Map<Socket, { written: number; checks: number }>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { written: 0, checks: 0 });
    socket.once('close', () => connections.delete(socket));
  });
  const timer = setInterval(() => {
    for (const [socket, seen] of connections) {
      // Node counts the bytes that wait as written.
      const written = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || written !== seen.written) seen.checks = 0;
      else if (seen.checks < CHECKS) seen.checks += 1;
      else socket.destroy();
      seen.written = written;
    }
  }, stallMs / CHECKS).unref();
  return { stop: () => clearInterval(timer) };
}
