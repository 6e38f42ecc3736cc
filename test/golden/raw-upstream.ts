import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Takes requests as bytes, and refuses each. */
export interface RawUpstream {
  readonly port: number;
  /** What came in since the last call, each request whole. */
  taken(): readonly string[];
  close(): Promise<void>;
}

export async function startRawUpstream(): Promise<RawUpstream> {
  let requests: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (!isWhole(text)) return;
      requests.push(text);
      text = '';
      socket.end('HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    taken() {
      const all = requests;
      requests = [];
      return all;
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** Probes announce the length of what they send. */
function isWhole(text: string): boolean {
  const [head = '', body] = text.split(/\r\n\r\n/);
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return body !== undefined && Buffer.byteLength(body) >= length;
}
