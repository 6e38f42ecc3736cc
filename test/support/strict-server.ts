import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export interface StrictRequest {
  readonly method: string;
  /** As on the wire: what is signed is this spelling. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it arrived: what is signed is these bytes. */
  readonly bytes: Buffer;
}

export interface StrictAnswer {
  readonly status: number;
  /** In parts: each is sent by itself. */
  readonly body: string | readonly (string | Buffer)[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decides what a request gets; a vendor's checks are in here. */
export type StrictVendor = (request: StrictRequest) => StrictAnswer | Promise<StrictAnswer>;

export interface StrictServer {
  readonly url: string;
  /** Every request so far. */
  readonly requests: readonly StrictRequest[];
  close(): Promise<void>;
}

const open: StrictServer[] = [];

/** Ends the servers of a file after each of its tests. */
export function closingServers(): void {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });
}

/** A vendor on loopback that accepts exactly what it is made to accept. */
export async function startStrictServer(vendor: StrictVendor): Promise<StrictServer> {
  const requests: StrictRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const bytes = Buffer.concat(chunks);
      const seen: StrictRequest = {
        method: request.method ?? '',
        path,
        query,
        // Node would keep the first of two `authorization`.
        headers: Object.fromEntries(
          Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
        ),
        body: bytes.toString('utf8'),
        bytes,
      };
      requests.push(seen);
      void Promise.resolve(vendor(seen)).then(({ status, body, headers }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        for (const part of typeof body === 'string' ? [body] : body) response.write(part);
        response.end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const started: StrictServer = {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  open.push(started);
  return started;
}

export function json(status: number, body: unknown): StrictAnswer {
  return { status, body: JSON.stringify(body) };
}
