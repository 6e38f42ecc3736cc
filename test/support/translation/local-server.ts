import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on this machine, for one test. */
export interface LocalServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ReceivedRequest {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

export type Handler = (request: ReceivedRequest, response: ServerResponse) => Promise<void> | void;

export async function localServer(handler: Handler): Promise<LocalServer> {
  const server = createServer((request, response) => {
    void answer(request, response, handler);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  let text = '';
  for await (const piece of request.setEncoding('utf8')) text += String(piece);
  const path = new URL(request.url ?? '/', 'http://local').pathname;
  try {
    await handler({ path, body: JSON.parse(text || '{}') as Record<string, unknown> }, response);
  } catch (error) {
    // A fault of the test's own server must not look like an answer.
    response.destroy(error as Error);
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
