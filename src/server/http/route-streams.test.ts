import { connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { bind, createApp, createIdentify, createTraffic, streamAnswer } from '../../http/index.ts';
import type { BoundRoute, Call, Route } from '../../http/index.ts';
import type { Logger } from '../../ports/index.ts';
import { createRedactor } from '../../redaction/index.ts';
import { createLogger } from '../../telemetry/index.ts';
import { until } from '../../testing/index.ts';
import { listen } from './listen.ts';

// Routes behind the router, over real sockets.

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  vi.restoreAllMocks();
});

const route = <Body>(name: string, body?: z.ZodType<Body>): Route<unknown, Body> => {
  const about = { auth: 'none', group: 'Pod', summary: '', answers: {} } as const;
  return { name, method: 'POST', paths: [`/${name}/{id}`], ...about, ...(body !== undefined && { body }) };
};

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

async function serve(routes: readonly BoundRoute[], logger: Logger = silent): Promise<number> {
  const app = createApp({
    routes,
    identify: createIdentify({ masterKey: null, withoutMasterKey: 'refuse', keys: [] }),
    metricsAuth: 'none',
    upAuth: 'key',
    traffic: createTraffic(),
    logger,
  });
  const listener = await listen(app, { host: '127.0.0.1', port: 0, logger });
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
  const port = await serve([bind(route('raw'), look), bind(route('read', z.object({ n: z.number() })), look)]);
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
  const port = await serve([
    bind(route('endless'), ({ signal }) => {
      signal.addEventListener('abort', () => (state.aborted = true));
      return streamAnswer(endless(), { headers: { 'content-type': 'application/octet-stream' } });
    }),
  ]);
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

const SECRET = 'sk-of-the-upstream-77';

/** A pod's logger, and everything that is written past it. */
function listening(): { logger: Logger; lines: string[]; past: unknown[][] } {
  const lines: string[] = [];
  const past: unknown[][] = [];
  for (const method of ['error', 'info', 'log', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation((...said) => void past.push(said));
  }
  const redact = createRedactor([SECRET]);
  return {
    logger: createLogger({ level: 'info', format: 'json', redact, write: (line) => lines.push(line) }),
    lines,
    past,
  };
}

it.each([
  ['at once', []],
  ['before its first part', []],
  ['after a part', ['first']],
])('a stream that fails %s cuts the connection, and its error is logged without secrets', async (when, parts) => {
  const { logger, lines, past } = listening();
  const { promise: read, resolve: fail } = Promise.withResolvers<void>();
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield Buffer.from(part);
    await read;
    throw new Error(`401 for the key ${SECRET}`);
  };
  const port = await serve([bind(route('failing'), () => streamAnswer(failing(), { status: 201 }))], logger);
  if (when === 'at once') fail();
  const answer = await fetch(`http://127.0.0.1:${port}/failing/1?key=${SECRET}`, { method: 'POST' });
  expect([answer.status, answer.headers.get('x-frame-options')]).toEqual([201, 'DENY']);
  const reader = answer.body!.getReader();
  for (const part of parts) expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe(part);
  fail();
  await expect(reader.read()).rejects.toThrow('terminated');
  await until(() => lines.length > 0 || past.length > 0, { withinMs: 10_000, what: 'the error to be written' });
  expect(past).toEqual([]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      level: 'error',
      message:
        'Building a streamed response failed: 401 for the key [redacted] (POST /failing/1). To fix: the client must reconnect',
    }),
  ]);
});

it('a stream whose source fails because its client left is no failure', async () => {
  const { logger, lines, past } = listening();
  const state = { ended: false };
  const waiting = async function* (signal: AbortSignal): AsyncGenerator<Uint8Array> {
    yield Buffer.from('first');
    try {
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('the request was aborted')));
      });
    } finally {
      state.ended = true;
    }
  };
  const port = await serve([bind(route('waiting'), ({ signal }) => streamAnswer(waiting(signal)))], logger);
  const answer = await fetch(`http://127.0.0.1:${port}/waiting/1`, { method: 'POST' });
  await answer.body!.cancel();
  await until(() => state.ended, { withinMs: 10_000, what: 'the source to end' });
  await opened.pop()?.();
  expect([lines, past]).toEqual([[], []]);
});
