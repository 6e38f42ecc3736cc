import { createServer, request } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../testing/index.ts';
import { createPrimaryProxy } from './primary-proxy.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

describe('a worker passes a request that it does not forward to its primary process', () => {
  it('with method, path, headers and body, and the answer back', async () => {
    const port = await behindProxy((incoming, outgoing) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => {
        outgoing.writeHead(418, { 'x-answer': ['1', '2'], 'content-type': 'text/plain' });
        outgoing.end(`${incoming.method} ${incoming.url} ${String(incoming.headers['x-asked'])} ${body}`);
      });
    });
    const { status, headers, text } = await ask(port, { method: 'PUT', path: '/a?b=c', body: 'hello' });
    expect([status, text]).toEqual([418, 'PUT /a?b=c yes hello']);
    expect(headers['x-answer']).toBe('1, 2');
  });

  it('with the address of the client, whatever the client says of it', async () => {
    const port = await behindProxy(({ headers }, outgoing) => outgoing.end(String(headers['x-allswell-peer'])));
    const { text } = await ask(port, { headers: { 'x-allswell-peer': '10.9.8.7' } });
    expect(text).toBe('127.0.0.1');
  });

  it('HEAD and answers without a body', async () => {
    const port = await behindProxy((_, outgoing) => outgoing.writeHead(204).end());
    expect(await ask(port, { method: 'HEAD' })).toMatchObject({ status: 204, text: '' });
    expect(await ask(port, { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
  });

  it('streams as they come, and the end of the client ends the stream', async () => {
    let isOver = false;
    const port = await behindProxy((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      const timer = setInterval(() => outgoing.write('data: 1\n\n'), 10);
      outgoing.once('close', () => {
        clearInterval(timer);
        isOver = true;
      });
    });
    const first = await new Promise<IncomingMessage>((resolve) => {
      request({ port, host: '127.0.0.1', agent: false }, resolve).end();
    });
    await new Promise((resolve) => first.once('data', resolve));
    first.destroy();
    await until(() => isOver, { withinMs: 5_000, what: 'the stream to end' });
  });

  it('and closes the connection of a client whose body is not read', async () => {
    const port = await behindProxy((_, outgoing) => outgoing.writeHead(413, { connection: 'close' }).end('too large'));
    const { status, headers } = await ask(port, { method: 'POST', body: 'x'.repeat(10) });
    expect([status, headers.connection]).toEqual([413, 'close']);
  });

  it('and answers 503 where that does not answer', async () => {
    const port = await behindProxy((incoming) => void incoming.socket.destroy());
    expect(await ask(port, {})).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });
});

async function behindProxy(primary: RequestListener): Promise<number> {
  const proxy = createPrimaryProxy(await listening(createServer(primary)));
  opened.push(() => proxy.close());
  return await listening(createServer(proxy.pass));
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

interface Question {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

async function ask(
  port: number,
  { method = 'GET', path = '/', body = '', headers: more = {} }: Question,
): Promise<Asked> {
  const headers = { 'x-asked': 'yes', ...more };
  return await new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method, path, agent: false, headers } as const;
    const asked = request(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
