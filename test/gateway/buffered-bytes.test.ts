import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answersWell } from './support/scripted-upstream.ts';
import type { ScriptedUpstream } from './support/scripted-upstream.ts';

// The memory that bodies take, attacked: by requests that are few enough, each with a body that is small enough.

const opened = closingAfterEach();
const big = { messages: [{ role: 'user', content: 'x'.repeat(60_000) }] };

interface Stand {
  readonly gateway: GatewayPod;
  readonly upstream: ScriptedUpstream;
  readonly release: () => void;
}

/** A pod with room for one big body, and an upstream that answers none before it is told. */
async function stand(): Promise<Stand> {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const upstream = await opened.upstream(async (response, request, number) => {
    await released;
    await answersWell(response, request, number);
  });
  const limits = 'fleet_health: { gateway: { max_buffered_bytes: 100000 } }';
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}${limits}\n`);
  return { gateway, upstream, release };
}

async function connectTo({ url }: GatewayPod): Promise<{ socket: Socket; answered: () => string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (part) => (text += String(part)));
  socket.on('error', () => {});
  opened.add(async () => void socket.destroy());
  await once(socket, 'connect');
  return { socket, answered: () => text };
}

const head = (length: string): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;

async function refused({ url }: GatewayPod, reason: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
  return Number(new RegExp(`allswell_requests_refused_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

it('a body beyond the bytes of all is refused before it is read, and says when to come back', async () => {
  const { gateway, upstream, release } = await stand();
  const first = gateway.chat('m', big);
  await until(() => upstream.requests.length === 1, { what: 'the first body at the upstream', withinMs: 10_000 });

  const { socket, answered } = await connectTo(gateway);
  socket.write(head('content-length: 60000'));
  await until(() => answered().includes('\r\n\r\n'), { what: 'the refusal', withinMs: 10_000 });
  expect(answered()).toMatch(/^HTTP\/1\.1 503 /);
  expect(answered().toLowerCase()).toMatch(/retry-after: 1\r\n/);
  expect(answered().toLowerCase()).toMatch(/connection: close\r\n/);

  const chunked = await connectTo(gateway);
  chunked.socket.write(head('transfer-encoding: chunked'));
  for (let part = 0; part < 50; part += 1) chunked.socket.write(`3e8\r\n${'y'.repeat(1_000)}\r\n`);
  await until(() => chunked.answered().startsWith('HTTP/1.1 503'), { what: 'the refusal', withinMs: 10_000 });

  const small = gateway.chat('m');
  await until(() => upstream.requests.length === 2, { what: 'a small body at the upstream', withinMs: 10_000 });
  release();
  expect([(await first).status, (await small).status]).toEqual([200, 200]);
  expect(await refused(gateway, 'buffered-bytes')).toBe(2);
  expect(gateway.lines.filter((line) => line.includes('max_buffered_bytes'))).toHaveLength(1);
});

it('bytes are given back by an answer, by a refusal and by a client that leaves', async () => {
  const { gateway, upstream, release } = await stand();
  release();
  for (let count = 0; count < 3; count += 1) {
    expect((await gateway.chat('m', big)).status).toBe(200);
    const { socket, answered } = await connectTo(gateway);
    // Node answers `Expect` at the moment at which it hands the request over.
    socket.write(`${head('content-length: 90000\r\nexpect: 100-continue')}${'{'.repeat(89_999)}`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await until(() => answered().includes(' 100 '), { what: 'the request in the pod', withinMs: 10_000 });
    await until(async () => (await gateway.chat('m', big)).status === 503, { what: 'its bytes', withinMs: 10_000 });
    socket.destroy();
    await until(async () => (await gateway.chat('m', big)).status === 200, { what: 'it given back', withinMs: 10_000 });
    expect((await gateway.chat('no-such', big)).status).toBe(400);
  }
  expect(await refused(gateway, 'client-left')).toBe(3);
  expect(await refused(gateway, 'unknown-model')).toBe(3);
  expect(upstream.requests.length).toBeGreaterThanOrEqual(6);
});

it('fault: one caller that promises bodies and sends none keeps all others away', async () => {
  const { gateway, release } = await stand();
  release();
  for (let count = 0; count < 5; count += 1) {
    const { socket, answered } = await connectTo(gateway);
    socket.write(`${head('content-length: 99000\r\nexpect: 100-continue')}{`);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await until(() => answered().includes(' 100 '), { what: 'the request in the pod', withinMs: 10_000 });
  }
  expect((await gateway.chat('m', big)).status).toBe(200);
});

it('a single body is never beyond them', async () => {
  const { gateway, release } = await stand();
  release();
  expect((await gateway.chat('m', { messages: [{ role: 'user', content: 'x'.repeat(200_000) }] })).status).toBe(200);
});

it('every request that is refused before it is routed is counted', async () => {
  const { gateway } = await stand();
  const headers = { authorization: 'Bearer sk-wrong' };
  await gateway.chat('m', {}, { headers });
  await gateway.post('/v1/chat/completions', 'no json');
  await gateway.post('/v1/chat/completions', { model: 'm', messages: ['x'.repeat(33 * 1024 * 1024)] }).catch(() => {});
  await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body: '{}' });
  for (const reason of ['wrong-key', 'malformed', 'too-large', 'no-key']) {
    expect([reason, await refused(gateway, reason)]).toEqual([reason, 1]);
  }
});
