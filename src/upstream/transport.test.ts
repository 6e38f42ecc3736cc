import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../ports/index.ts';
import { manualClock, realClock, startMockUpstream, until } from '../testing/index.ts';
import type { Behaviour, MockUpstream } from '../testing/index.ts';
import { createTransport } from './index.ts';
import type { ExchangeAnswer, UpstreamFault, Transport, TransportOptions, TransportRequest } from './index.ts';

const pem = (name: string): string => readFileSync(new URL(`fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
const never = new AbortController().signal;
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function open(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ clock: realClock(), ...options });
  stops.push(() => transport.close());
  return transport;
}

async function mock(behaviour?: Behaviour, tls?: { key: string; cert: string }): Promise<MockUpstream> {
  const upstream = await startMockUpstream(tls === undefined ? {} : { tls });
  if (behaviour !== undefined) upstream.set('m', behaviour);
  stops.push(() => upstream.close());
  return upstream;
}

function chat(base: string, changes: Partial<TransportRequest> = {}): TransportRequest {
  return {
    method: 'POST',
    url: new URL(`${base}/v1/chat/completions`),
    headers: { 'content-type': 'application/json', 'user-agent': 'allswell/0 (health probe)' },
    body: '{"model":"m"}',
    connectMs: 2_000,
    idleMs: 2_000,
    maxBytes: 65_536,
    ...changes,
  };
}

/** A TCP server that does as it is told with each connection. */
async function rawServer(serve?: (socket: Socket) => void): Promise<{ url: URL; server: Server }> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), server };
}

const faultOf = (outcome: ExchangeAnswer | UpstreamFault | { kind: 'connected' }): UpstreamFault => {
  if (outcome.kind !== 'fault') throw new Error(`expected a fault, got ${JSON.stringify(outcome)}`);
  return outcome;
};

describe('an answer', () => {
  it('comes with status, headers, text and the time it took', async () => {
    const { url } = await mock({ kind: 'status', status: 418, body: { x: 1 }, headers: { 'X-Ms-Region': 'eu' } });
    const answer = await open().request(chat(url), never);
    expect(answer).toMatchObject({ kind: 'answer', status: 418, text: '{"x":1}', extent: 'whole' });
    expect((answer as ExchangeAnswer).headers['x-ms-region']).toBe('eu');
    expect((answer as ExchangeAnswer).latencyMs).toBeGreaterThan(0);
  });

  it('arrives on a fresh connection each time', async () => {
    const upstream = await mock();
    const transport = open();
    await transport.request(chat(upstream.url), never);
    await transport.request(chat(upstream.url), never);
    expect(upstream.stats().connections).toBe(2);
    expect(upstream.model('m').last?.headers['connection']).toBe('close');
  });

  it('is cut at the bound, and the rest is not read', async () => {
    const upstream = await mock({ kind: 'oversized', bytes: 200_000_000 });
    const answer = await open().request(chat(upstream.url), never);
    expect(answer).toMatchObject({ kind: 'answer', status: 200, extent: 'cut' });
    expect((answer as ExchangeAnswer).text).toHaveLength(65_536);
    await until(() => upstream.model('m').probes.inFlight === 0, { withinMs: 2_000, what: 'end of the flood' });
  });

  it('is not followed when it points elsewhere', async () => {
    const { url } = await mock({ kind: 'status', status: 307, headers: { location: 'http://127.0.0.1:1/' } });
    expect(await open().request(chat(url), never)).toMatchObject({ kind: 'answer', status: 307 });
  });
});

describe('a fault of the network', () => {
  it('is a refused connection', async () => {
    const upstream = await mock();
    await upstream.setFault('all', 'refuse');
    const fault = faultOf(await open().request(chat(upstream.url), never));
    expect(fault).toMatchObject({ class: 'network', phase: 'connect' });
    expect(fault.message).toContain('ECONNREFUSED');
  });

  it('is a connection reset before the answer', async () => {
    const { url } = await mock({ kind: 'reset' });
    expect(faultOf(await open().request(chat(url), never))).toMatchObject({ class: 'network', phase: 'first-byte' });
  });

  it('is a connection that ends before the request is written, and it is not tried again', async () => {
    const upstream = await mock();
    await upstream.setFault('all', 'drop');
    expect(faultOf(await open().request(chat(upstream.url), never)).class).toBe('network');
    expect(upstream.stats().connections).toBe(1);
  });

  it('is a connection that ends within the answer', async () => {
    const { url } = await rawServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id'));
    });
    expect(faultOf(await open().request(chat(url.origin), never))).toMatchObject({ class: 'network', phase: 'body' });
  });

  it('is a name that does not exist', async () => {
    const fault = faultOf(await open().request(chat('http://no-such-host.invalid'), never));
    expect(fault).toMatchObject({ class: 'network', phase: 'connect' });
    expect(fault.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('is a certificate without a trusted authority, or one for another name', async () => {
    const files = { key: pem('key'), cert: pem('cert') };
    const { url } = await mock(undefined, files);
    expect(faultOf(await open().request(chat(url), never))).toMatchObject({ class: 'network', phase: 'connect' });
    const trusting = open({ ca: files.cert });
    const fault = faultOf(await trusting.request(chat(url), never));
    expect(fault).toMatchObject({ class: 'network', phase: 'connect' });
    expect(fault.message).toContain("does not match certificate's altnames");
    const named = url.replace('127.0.0.1', 'localhost');
    expect(await trusting.request(chat(named), never)).toMatchObject({ kind: 'answer', status: 200 });
  });

  it('is a server without TLS where TLS was expected', async () => {
    const { url } = await mock();
    const https = new URL(url.replace('http:', 'https:'));
    expect(faultOf(await open().connect({ url: https, connectMs: 1_000 }, never)).class).toBe('network');
  });
});

it('takes an answer that is no HTTP for what it is', async () => {
  const { url } = await rawServer((socket) => {
    socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  });
  expect(faultOf(await open().request(chat(url.origin), never)).class).toBe('not-http');
});

it('takes a header that cannot be written for a bad request, and the socket is closed', async () => {
  const upstream = await mock();
  const headers = { authorization: 'Bearer a\nb' };
  expect(faultOf(await open().request(chat(upstream.url, { headers }), never)).class).toBe('bad-request');
  expect(upstream.traffic('m')).toBe(0);
});

describe('a timeout', () => {
  it('ends an answer that falls silent within its body', async () => {
    const { url } = await mock({ kind: 'stall' });
    const fault = faultOf(await open().request(chat(url, { idleMs: 50 }), never));
    expect(fault).toMatchObject({
      class: 'timeout',
      phase: 'body',
      message: 'no data for 50 ms in the middle of its answer',
    });
  });

  it('ends a TLS handshake that nobody answers', async () => {
    const { url } = await rawServer();
    const https = new URL(url.href.replace('http:', 'https:'));
    const fault = faultOf(await open().connect({ url: https, connectMs: 50 }, never));
    expect(fault).toMatchObject({ class: 'timeout', phase: 'connect', message: 'no connection within 50 ms' });
  });

  it('runs on the clock that was handed in', async () => {
    const clock = manualClock();
    const { url } = await rawServer();
    const https = new URL(url.href.replace('http:', 'https:'));
    const outcome = open({ clock }).connect({ url: https, connectMs: 60_000 }, never);
    clock.advance(60_000);
    expect(faultOf(await outcome)).toMatchObject({ class: 'timeout', latencyMs: 60_000 });
  });
});

describe('a local fault', () => {
  it('is an abort, at once, in each phase', async () => {
    const hanging = await mock({ kind: 'hang' });
    const dripping = await mock({ kind: 'drip', everyMs: 5 });
    const silent = await rawServer();
    const clock = realClock();
    const timers: number[] = [];
    const watched: Clock = { ...clock, setTimer: (ms, run) => (timers.push(ms), clock.setTimer(ms, run)) };
    const cases = [
      { base: silent.url.origin.replace('http:', 'https:'), phase: 'connect', ready: () => true },
      { base: hanging.url, phase: 'first-byte', ready: () => hanging.probes('m') === 1 },
      // The watch over silence starts with the first byte of an answer.
      { base: dripping.url, phase: 'body', ready: () => timers.includes(1_234) },
    ];
    for (const { base, phase, ready } of cases) {
      const stop = new AbortController();
      const outcome = open({ clock: watched }).request(chat(base, { idleMs: 1_234 }), stop.signal);
      await until(ready, { withinMs: 2_000, what: `the request in phase ${phase}` });
      stop.abort();
      expect(faultOf(await outcome)).toMatchObject({ class: 'local', phase, message: 'aborted' });
    }
    await until(() => hanging.model('m').probes.inFlight === 0, { withinMs: 2_000, what: 'the hung request given up' });
  });

  it('is a signal that was aborted before', async () => {
    const upstream = await mock();
    expect(faultOf(await open().request(chat(upstream.url), AbortSignal.abort())).class).toBe('local');
    expect(upstream.probes('m')).toBe(0);
  });

  it('is one connection more than the limit for an origin', async () => {
    const upstream = await mock({ kind: 'hang' });
    const transport = open({ maxPerOrigin: 1 });
    const first = transport.request(chat(upstream.url), never);
    const fault = faultOf(await transport.request(chat(upstream.url), never));
    expect(fault).toMatchObject({ class: 'local', message: 'all 1 connections to this host are in use' });
    await transport.close();
    expect(faultOf(await first).class).toBe('local');
    expect(faultOf(await transport.request(chat(upstream.url), never)).message).toBe('closed');
  });
});

it('opens connections without asking anything, over TLS too', async () => {
  const plain = await mock();
  const secure = await mock(undefined, { key: pem('key'), cert: pem('cert') });
  const transport = open({ ca: pem('cert') });
  for (const url of [plain.url, secure.url.replace('127.0.0.1', 'localhost')]) {
    const outcome = await transport.connect({ url: new URL(url), connectMs: 2_000 }, never);
    expect(outcome).toMatchObject({ kind: 'connected' });
  }
  expect(plain.stats()).toMatchObject({ connections: 1, models: {} });
});
