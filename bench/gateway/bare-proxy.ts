import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Pool } from 'undici';

// The least that a proxy in Node does: `node:http`, one undici pool, and no byte touched. The unit that allswell is measured in.

const [origin] = process.argv.slice(2);
if (origin === undefined) throw new Error('usage: bare-proxy.ts <origin of the upstream>');
const pool = new Pool(origin, { connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const [first] = chunks;
    forward(incoming, outgoing, chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
// An orderly exit, at which Node writes its profile.
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());

function forward(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
  const { 'content-type': type = '', authorization = '' } = incoming.headers;
  const headers = ['content-type', type, 'authorization', authorization];
  pool.dispatch(
    { path: incoming.url ?? '/', method: 'POST', headers, body },
    {
      onRequestStart: () => {},
      onResponseStart: (_controller, status, answered) => {
        outgoing.writeHead(status, endToEnd(answered));
      },
      onResponseData: (_controller, chunk) => {
        outgoing.write(chunk);
      },
      onResponseEnd: () => {
        outgoing.end();
      },
      onResponseError: () => outgoing.destroy(),
    },
  );
}

/** Without the headers that belong to the connection. */
function endToEnd(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...kept } = headers;
  return kept;
}
