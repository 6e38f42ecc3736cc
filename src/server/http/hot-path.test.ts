import { request } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { rawRequestFrom, sendStream } from '../../http/index.ts';
import type { HotHandler, Sent } from '../../http/index.ts';
import { until } from '../../testing/index.ts';
import { whenFirstAnswers } from './hot-path.ts';
import { startServer } from '../start-server.ts';
import type { RunningServer } from '../start-server.ts';

// A whole pod in this process, with handlers of the byte path before its router.

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

describe('the byte path', { timeout: 30_000 }, () => {
  it('sees the bytes of a request as they were sent', async () => {
    const seen: unknown[] = [];
    const { pod } = await start(async (incoming, outgoing) => {
      const raw = rawRequestFrom(incoming, outgoing);
      const body = await raw.bytes();
      seen.push(raw.method, raw.path, raw.headers.get('authorization'), body.kind === 'whole' && body.bytes.toString());
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return true;
    });
    // Neither the order of keys nor the space between them nor the number survives a parser.
    const sent = '{"model":"x",  "n":1.0,\n"seed":12345678901234567890}';
    const answer = await ask(pod, '/v1/echo?beta=%74rue', { method: 'POST', body: sent });
    expect(seen).toEqual(['POST', '/v1/echo?beta=%74rue', 'Bearer sk-master', sent]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('streams an answer whose parts come one by one, and counts it as in flight until its end', async () => {
    const steps = gates(2);
    const { pod } = await start(async (incoming, outgoing) => {
      if (incoming.url !== '/v1/stream') return false;
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      await sendStream(
        outgoing,
        (async function* () {
          yield Buffer.from('data: 1\n\n');
          await steps[0]!.opened;
          yield Buffer.from('data: 2\n\n');
          await steps[1]!.opened;
        })(),
      );
      return true;
    });
    const [answer] = await open(pod, '/v1/stream');
    expect(await nextPart(answer)).toBe('data: 1\n\n');
    // This request is one of the two.
    expect(await (await ask(pod, '/health/backlog')).json()).toMatchObject({ in_flight_requests: 2 });
    steps[0]!.open();
    expect(await nextPart(answer)).toBe('data: 2\n\n');
    steps[1]!.open();
    await once(answer.resume(), 'end');
    await until(async () => (await inFlight(pod)) === 1, { withinMs: 10_000, what: 'the answer to be counted out' });
  });

  it('is cut when the client leaves', async () => {
    const seen: (Sent | 'aborted')[] = [];
    const { pod, lines } = await start(async (incoming, outgoing) => {
      if (incoming.url !== '/v1/stream') return false;
      const { signal } = rawRequestFrom(incoming, outgoing);
      signal.addEventListener('abort', () => seen.push('aborted'));
      outgoing.writeHead(200);
      seen.push(await sendStream(outgoing, untilAborted(signal)));
      return true;
    });
    const [answer, sent] = await open(pod, '/v1/stream');
    expect(await nextPart(answer)).toBe('first');
    sent.destroy();
    await until(() => seen.length === 2, { withinMs: 10_000, what: 'the handler to learn it' });
    expect(seen).toEqual(['aborted', { kind: 'closed-by-client' }]);
    await until(async () => (await inFlight(pod)) === 1, { withinMs: 10_000, what: 'the request to be counted out' });
    expect(lines).toEqual([]);
  });

  it('passes requests that every handler declines to the router, and calls the handlers in order', async () => {
    const asked: string[] = [];
    const decline = (name: string): HotHandler[] => [
      () => (asked.push(`${name} at once`), false),
      async () => (asked.push(`${name} later`), await Promise.resolve(false)),
    ];
    const { pod } = await start(...decline('one'), ...decline('two'));
    expect(await (await ask(pod, '/health/liveness')).json()).toBe("I'm alive!");
    expect(asked).toEqual(['one at once', 'one later', 'two at once', 'two later']);
    // The body of what was declined is still there to read.
    const body = JSON.stringify({ litellm_params: {} });
    const tested = await ask(pod, '/health/test_connection', { method: 'POST', body });
    expect([tested.status, await tested.json()]).toEqual([
      400,
      { detail: { error: expect.stringContaining('model') } },
    ]);
    for (const [path, status] of [
      ['/health', 200],
      ['/fleet', 200],
      ['/metrics', 200],
      ['/v1/models', 200],
      ['/nothing', 404],
    ] as const) {
      expect([path, (await ask(pod, path)).status]).toEqual([path, status]);
    }
  });

  it('answers 500 if a handler fails, and serves the next request', async () => {
    const { pod, lines } = await start((incoming, outgoing) => {
      if (incoming.url === '/v1/at-once') throw new Error('a fault at once');
      if (incoming.url !== '/v1/later') return false;
      outgoing.writeHead(200).write('part');
      return Promise.reject(new Error('a fault later'));
    });
    const answer = await ask(pod, '/v1/at-once', { method: 'POST', body: 'unread' });
    expect([answer.status, await answer.text()]).toEqual([500, '{"detail":"Internal Server Error"}']);
    await expect(ask(pod, '/v1/later').then(async (later) => await later.text())).rejects.toThrow('terminated');
    expect(lines).toEqual([
      'A request failed: POST /v1/at-once: a fault at once. To fix: report it with allswell diagnose',
      'A request failed: GET /v1/later: a fault later. To fix: report it with allswell diagnose',
    ]);
    expect((await ask(pod, '/health/liveness')).status).toBe(200);
  });
});

async function* untilAborted(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield Buffer.from('first');
  if (!signal.aborted) await once(signal, 'abort');
}

function gates(count: number): { opened: Promise<void>; open: () => void }[] {
  return Array.from({ length: count }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { opened: promise, open: resolve };
  });
}

async function start(...hot: HotHandler[]): Promise<{ pod: RunningServer; lines: string[] }> {
  const text = `
model_list: [{ model_name: m, litellm_params: { model: openai/m, api_base: "http://127.0.0.1:9", api_key: sk-x } }]
general_settings: { master_key: sk-master, background_health_checks: false }
`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const lines: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void lines.push(line) };
  const pod = await startServer(loaded.config, { host: '127.0.0.1', port: 0, createLogger: () => logger, hot });
  opened.push(() => pod.stop());
  return { pod, lines };
}

const headers = { authorization: 'Bearer sk-master' };

async function ask(pod: RunningServer, path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`http://127.0.0.1:${pod.port}${path}`, { headers, ...init });
}

async function inFlight(pod: RunningServer): Promise<unknown> {
  const { in_flight_requests: found } = (await (await ask(pod, '/health/backlog')).json()) as Record<string, unknown>;
  return found;
}

/** An answer whose connection the test may close. */
async function open(pod: RunningServer, path: string): Promise<[IncomingMessage, ClientRequest]> {
  const sent = request({ host: '127.0.0.1', port: pod.port, path, headers }).on('error', () => {});
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.on('error', () => {});
  return [answer, sent];
}

async function nextPart(answer: IncomingMessage): Promise<string> {
  const found = answer.read() as Buffer | null;
  if (found !== null) return found.toString();
  await once(answer, 'readable');
  return (answer.read() as Buffer).toString();
}

describe('the first request', () => {
  const calls = (answers: readonly (boolean | Promise<boolean>)[]): number => {
    let runs = 0;
    const left = [...answers];
    const handler = whenFirstAnswers(
      () => left.shift() ?? false,
      () => (runs += 1),
    );
    for (const _one of answers) void handler({} as IncomingMessage, {} as ServerResponse);
    return runs;
  };

  it('is the first one that a handler takes, and counts once', () => {
    expect(calls([Promise.resolve(true), Promise.resolve(true)])).toBe(1);
  });

  it('is none that was declined or refused at once', () => {
    expect(calls([false, true])).toBe(0);
  });
});
