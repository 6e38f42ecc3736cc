import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { AllswellError } from '../../errors.ts';

/** Answers the agent checks of HAProxy on a port of its own. */
export interface AgentCheck {
  /** Accepts no more checks and drops those that wait. HAProxy then keeps the last answer. Safe to repeat. */
  close(): Promise<void>;
}

export interface AgentCheckOptions {
  readonly host: string;
  readonly port: number;
  /** The line for a name, without its line break. Called once for each connection. */
  readonly answer: (name: string) => string;
  /** From the connection to its end. By default two seconds. */
  readonly deadlineMs?: number;
}

/** Open connections; further ones are closed at once. A check takes milliseconds. */
const MAX_CONNECTIONS = 256;
/** Bytes of a name. */
const MAX_LINE = 1_024;
const DEADLINE_MS = 2_000;
const LINE_FEED = 10;

/**
 * Listens for agent checks: one line with a name in, one line out, then the connection ends. A line that is too long or too
 * late gets no answer.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE`, or the system's error for an address that cannot be used
 */
export async function listenForAgentChecks(options: AgentCheckOptions): Promise<AgentCheck> {
  const { host, port, answer, deadlineMs = DEADLINE_MS } = options;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    const deadline = setTimeout(() => socket.destroy(), deadlineMs);
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(deadline);
      open.delete(socket);
    });
    answerOne(socket, answer);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // After it listens, an error is one of a single connection.
  server.on('error', (error: NodeJS.ErrnoException) => {
    reject(error.code === 'EADDRINUSE' ? new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host, port }, error) : error);
  });
  server.listen({ host, port, exclusive: true }, resolve);
  await promise;
  return {
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of open) socket.destroy();
      await closed.promise;
    },
  };
}

function answerOne(socket: Socket, answer: (name: string) => string): void {
  let received = Buffer.alloc(0);
  const receive = (part: Buffer): void => {
    received = Buffer.concat([received, part]);
    const end = received.indexOf(LINE_FEED);
    if (end === -1 ? received.length > MAX_LINE : end > MAX_LINE) {
      socket.destroy();
      return;
    }
    if (end === -1) return;
    socket.off('data', receive).resume();
    socket.end(`${answer(received.toString('utf8', 0, end).trim())}\n`);
  };
  socket.on('data', receive);
}
