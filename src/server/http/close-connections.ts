import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Makes the answers of a server that stops carry `connection: close`. A client would send its next request on a kept-alive
 * connection while the pod closes it, and that request is lost.
 */
export function closeConnections(server: Server): { begin(): void } {
  // One entry for each connection, not for each request: V8 keeps what was in the outgrown tables of a Map, here whole requests,
  // until it collects all garbage.
  const latest = new Map<Socket, ServerResponse>();
  let hasBegun = false;
  server.on('connection', (socket: Socket) => void socket.once('close', () => latest.delete(socket)));
  // Before the listener that answers.
  server.prependListener('request', (incoming, outgoing: ServerResponse) => {
    if (hasBegun) outgoing.setHeader('connection', 'close');
    else latest.set(incoming.socket, outgoing);
  });
  return {
    begin: () => {
      hasBegun = true;
      for (const outgoing of latest.values()) if (!outgoing.headersSent) outgoing.setHeader('connection', 'close');
      latest.clear();
    },
  };
}
