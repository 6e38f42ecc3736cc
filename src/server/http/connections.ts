import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Longest time for which a client may read nothing while bytes wait for it. */
const STALL_MS = 60_000;
/** Checks per deadline. */
const CHECKS = 4;

export interface Connections {
  /**
   * From now on answers carry `connection: close`, also those that have not begun. A client would send its next request on a
   * kept-alive connection while the pod closes it, and that request is lost.
   */
  drain(): void;
  stop(): void;
}

interface Connection {
  /** The latest answer, until the check after its end. */
  latest: ServerResponse | undefined;
  /** Bytes that the kernel had taken at the last check, and the checks since then that found it full. */
  written: number;
  stalled: number;
}

/**
 * Watches the connections of a server. One whose client does not read is destroyed: otherwise its answer lasts as long as
 * the kernel keeps the connection, because the waiting bytes are never written, so neither an error nor an end occurs.
 *
 * There is one entry for each connection, not for each request: V8 keeps what was in the outgrown tables of a Map, here whole requests,
 * until it collects all garbage.
 */
export function watchConnections(server: Server, stallMs: number = STALL_MS): Connections {
  const connections = new Map<Socket, Connection>();
  let isDraining = false;
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { latest: undefined, written: 0, stalled: 0 });
    socket.once('close', () => connections.delete(socket));
  });
  // Before the listener that answers.
  server.prependListener('request', (incoming, outgoing: ServerResponse) => {
    const connection = connections.get(incoming.socket);
    if (isDraining) outgoing.setHeader('connection', 'close');
    else if (connection !== undefined) connection.latest = outgoing;
  });
  const timer = setInterval(() => {
    for (const [socket, connection] of connections) check(socket, connection);
  }, stallMs / CHECKS).unref();
  return {
    drain: () => {
      isDraining = true;
      for (const { latest } of connections.values()) {
        if (latest?.headersSent === false) latest.setHeader('connection', 'close');
      }
    },
    stop: () => clearInterval(timer),
  };
}

function check(socket: Socket, connection: Connection): void {
  if (connection.latest?.writableFinished === true) connection.latest = undefined;
  // Node counts the bytes that wait as written.
  const written = socket.bytesWritten - socket.writableLength;
  if (socket.writableLength === 0 || written !== connection.written) connection.stalled = 0;
  else if (connection.stalled < CHECKS) connection.stalled += 1;
  else socket.destroy();
  connection.written = written;
}
