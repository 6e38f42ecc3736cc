import type { Server, ServerResponse } from 'node:http';

/**
 * Makes the answers of a server that stops carry `connection: close`. A client would send its next request on a kept-alive
 * connection while the pod closes it, and that request is lost.
 */
export function closeConnections(server: Server): { begin(): void } {
  const open = new Set<ServerResponse>();
  let hasBegun = false;
  // Before the listener that answers.
  server.prependListener('request', (_incoming, outgoing: ServerResponse) => {
    if (hasBegun) {
      outgoing.setHeader('connection', 'close');
      return;
    }
    open.add(outgoing);
    outgoing.once('close', () => open.delete(outgoing));
  });
  return {
    begin: () => {
      hasBegun = true;
      for (const outgoing of open) if (!outgoing.headersSent) outgoing.setHeader('connection', 'close');
      open.clear();
    },
  };
}
