import { connect } from 'node:net';

/** Whether something that speaks like a Redis answered in time. */
export type PingAnswer = { kind: 'answers' } | { kind: 'silent'; reason: string };

/**
 * Asks a Redis for a sign of life, in its own wire protocol. A server that wants a password is alive as well; one
 * that is still loading its data is not.
 */
export function ping(address: { host: string; port: number }, withinMs: number): Promise<PingAnswer> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const settle = (answer: PingAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    let reply = '';
    socket.setTimeout(withinMs, () => settle({ kind: 'silent', reason: `no answer within ${withinMs} ms` }));
    socket.on('connect', () => socket.write('*1\r\n$4\r\nPING\r\n'));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      if (!reply.includes('\r\n')) return;
      const alive = reply.startsWith('+PONG') || reply.startsWith('-NOAUTH');
      settle(alive ? { kind: 'answers' } : { kind: 'silent', reason: reply.trim() });
    });
    socket.on('error', (error) => settle({ kind: 'silent', reason: error.message }));
    socket.on('close', () => settle({ kind: 'silent', reason: 'connection closed' }));
  });
}
