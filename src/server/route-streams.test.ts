import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { bind, createApp, createIdentify, createTraffic, streamAnswer } from '../http/index.ts';
import type { BoundRoute, Call, Route } from '../http/index.ts';
import { until } from '../testing/index.ts';
import { listen } from './listen.ts';

// Routes behind the router, over real sockets.

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const route = <Body>(name: string, body?: z.ZodType<Body>): Route<unknown, Body> => {
  const about = { auth: 'none', group: 'Pod', summary: '', answers: {} } as const;
  return { name, method: 'POST', paths: [`/${name}/{id}`], ...about, ...(body !== undefined && { body }) };
};

async function serve(...routes: BoundRoute[]): Promise<number> {
  const app = createApp({
    routes,
    identify: createIdentify({ masterKey: null, withoutMasterKey: 'refuse', keys: [] }),
    metricsAuth: 'none',
    traffic: createTraffic(),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const listener = await listen(app, { host: '127.0.0.1', port: 0 });
  opened.push(async () => await listener.close(50));
  return listener.port;
}

it('a route sees its request as it was sent, with and without a schema of the body', async () => {
  const seen: unknown[] = [];
  const look = async ({ method, path, headers, body, bytes }: Call): Promise<Response> => {
    const read = await bytes();
    seen.push([method, path, headers.get('x-a'), body, read.kind === 'whole' && read.bytes.toString()]);
    return new Response(null);
  };
  const port = await serve(bind(route('raw'), look), bind(route('read', z.object({ n: z.number() })), look));
  const init = { method: 'POST', headers: { 'x-a': 'b' }, body: '{ "n": 1.0 }' };
  for (const name of ['raw', 'read']) await fetch(`http://127.0.0.1:${port}/${name}/1?q=a%20b`, init);
  expect(seen).toEqual([
    ['POST', '/raw/1?q=a%20b', 'b', undefined, '{ "n": 1.0 }'],
    ['POST', '/read/1?q=a%20b', 'b', { n: 1 }, '{ "n": 1.0 }'],
  ]);
});

it('a route streams at the speed of its client, and stops when the client leaves', async () => {
  const state = { made: 0, ended: false, aborted: false };
  const chunk = new Uint8Array(64 * 1024);
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        state.made += 1;
        yield chunk;
      }
    } finally {
      state.ended = true;
    }
  };
  const port = await serve(
    bind(route('endless'), ({ signal }) => {
      signal.addEventListener('abort', () => (state.aborted = true));
      return streamAnswer(endless(), { headers: { 'content-type': 'application/octet-stream' } });
    }),
  );
  const head = 'POST /endless/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n';
  const socket = connect(port, '127.0.0.1', () => socket.write(head)).pause();
  socket.on('error', () => {});
  // The buffers of both sockets take some megabytes; then the count stands still.
  let seen = -1;
  await until(() => (state.made > 1 && state.made === seen) || ((seen = state.made), false), {
    withinMs: 10_000,
    everyMs: 200,
    what: 'the source to wait',
  });
  expect(state.made).toBeLessThan(1_000);
  socket.resume();
  await until(() => state.made > seen + 100, { withinMs: 10_000, what: 'the source to go on' });
  socket.destroy();
  await until(() => state.ended && state.aborted, { withinMs: 10_000, what: 'the source to end' });
});
