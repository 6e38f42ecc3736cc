import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { deployment, KEY, startGatewayPod } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answersWell, startScriptedUpstream } from './support/scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

// Every limit that protects a pod, attacked.

const opened: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function podWith(
  limits: string,
  script: Script = answersWell,
): Promise<{ gateway: GatewayPod; upstream: ScriptedUpstream }> {
  const upstream = await startScriptedUpstream(script);
  opened.push(() => upstream.close());
  const yaml = `model_list:\n${deployment('m', upstream.url)}fleet_health: { gateway: { ${limits} } }\n`;
  const gateway = await startGatewayPod({ yaml });
  opened.push(() => gateway.server.stop());
  return { gateway, upstream };
}

/** A connection that is written to by hand. */
async function connectTo({
  url,
}: GatewayPod): Promise<{ socket: Socket; answered: () => string; closed: Promise<unknown> }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (part) => (text += String(part)));
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  opened.push(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, answered: () => text, closed };
}

const head = (length: number): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

describe('a pod', { timeout: 30_000 }, () => {
  it('refuses a body that is too large, whether its length is told or not, and asks no upstream', async () => {
    const { gateway, upstream } = await podWith('max_body_bytes: 2000');
    const large = { model: 'm', messages: [{ role: 'user', content: 'x'.repeat(2_000) }] };
    const told = await gateway.post('/v1/chat/completions', large);
    expect([told.status, await told.json()]).toMatchObject([
      413,
      { error: { message: expect.stringContaining('2000 bytes') } },
    ]);
    const { socket, answered } = await connectTo(gateway);
    const chunked = head(0).replace('content-length: 0', 'transfer-encoding: chunked');
    socket.write(chunked);
    for (let part = 0; part < 30; part += 1) socket.write(`64\r\n${'y'.repeat(100)}\r\n`);
    await until(() => answered().startsWith('HTTP/1.1 413'), { what: 'the refusal', withinMs: 5_000 });
    expect(upstream.requests).toHaveLength(0);
    expect((await gateway.chat('m')).status).toBe(200);
  });

  it('refuses a request beyond those in flight, and says when to come back', async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const { gateway, upstream } = await podWith('max_in_flight: 2', async (response, request, number) => {
      await released;
      await answersWell(response, request, number);
    });
    const first = [gateway.chat('m'), gateway.chat('m')];
    await until(() => upstream.requests.length === 2, { what: 'two requests in flight', withinMs: 5_000 });
    const third = await gateway.chat('m');
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '1']);
    release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await gateway.chat('m')).status).toBe(200);
  });

  it('closes a connection whose request head does not end', async () => {
    const { gateway } = await podWith('header_timeout: 0.5');
    const { socket, answered, closed } = await connectTo(gateway);
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n');
    await closed;
    expect(answered()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('closes a connection whose request body does not end, and asks no upstream', async () => {
    const { gateway, upstream } = await podWith('header_timeout: 0.3, body_timeout: 0.3');
    const { socket, closed } = await connectTo(gateway);
    socket.write(`${head(100)}{"model":"m"`);
    await closed;
    expect(upstream.requests).toHaveLength(0);
    expect((await gateway.chat('m')).status).toBe(200);
  });

  it('closes connections beyond the limit at once, and serves those that it has', async () => {
    const { gateway } = await podWith('max_connections: 3');
    const held = await Promise.all([connectTo(gateway), connectTo(gateway), connectTo(gateway)]);
    const further = await connectTo(gateway);
    await further.closed;
    const [{ socket, answered }] = held;
    const body = JSON.stringify({ model: 'm', messages: [] });
    socket.write(head(body.length) + body);
    await until(() => answered().startsWith('HTTP/1.1 200'), { what: 'the answer', withinMs: 5_000 });
  });

  it('reads no body of a caller without a valid key', async () => {
    const { gateway, upstream } = await podWith('max_in_flight: 2');
    for (const authorization of ['', 'Bearer wrong', 'Basic eDp5']) {
      const { socket, answered } = await connectTo(gateway);
      socket.write(head(1_000_000).replace(`Bearer ${KEY}`, authorization));
      await until(() => answered().startsWith('HTTP/1.1 401'), { what: 'the refusal', withinMs: 5_000 });
      expect(answered().toLowerCase()).toContain('connection: close');
    }
    expect(upstream.requests).toHaveLength(0);
  });
});
