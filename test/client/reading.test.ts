import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { TestContext } from 'vitest';
import { connect } from '../../src/client/index.ts';
import type { FleetClient, ClientOptions, StateChange } from '../../src/client/index.ts';
import { until } from '../../src/testing/index.ts';
import { allJudged, fleetFor, SECRETS } from '../fleet/harness/index.ts';
import type { TestFleet } from '../fleet/harness/index.ts';
import { startProxy } from './proxy.ts';

// The client in Node, against real pods.

async function start(test: TestContext, changes: Partial<Parameters<typeof fleetFor>[1]> = {}): Promise<TestFleet> {
  const models = [{ model: 'chat', info: { id: 'chat-id' } }, 'embed'];
  const fleet = await fleetFor(test, { pods: 1, models, interval: 2, ...changes });
  await allJudged(fleet);
  return fleet;
}

function open(test: TestContext, url: string, changes: Partial<ClientOptions> = {}): FleetClient {
  const client = connect({ url, key: SECRETS.masterKey, ...changes });
  test.onTestFinished(async () => await client.close());
  return client;
}

describe('a client', () => {
  it('has the state of each target and group once it is ready, and hears of each change', async (test) => {
    const fleet = await start(test);
    const client = open(test, `${fleet.pod(0).url}/`);
    const changes: StateChange[] = [];
    client.on('change', (change) => void changes.push(change));
    await client.ready;
    const [target] = (await fleet.pod(0).fleet()).targets;
    expect(client.connected).toBe(true);
    const up = {
      state: 'up',
      since: Date.parse(target?.since ?? ''),
      ageMs: expect.any(Number),
      why: target?.why,
      stale: false,
    };
    for (const name of ['chat', 'chat-id', target?.target ?? '']) expect(client.state(name)).toMatchObject(up);
    expect(client.targets().map(({ deployments }) => deployments[0]?.modelName)).toEqual(['chat', 'embed']);
    fleet.upstream.set('chat', { kind: 'status', status: 500 });
    await until(() => client.state('chat')?.state === 'down', { withinMs: 30_000, what: 'chat to be down' });
    expect(client.state('chat')?.why).toContain('HTTP 500');
    expect(client.state('embed')?.state).toBe('up');
    const ofChat = changes.filter((one) => one.target === target?.target);
    expect(ofChat[0]).toEqual({ target: target?.target, state: 'up', before: null });
    expect(ofChat.at(-1)?.state).toBe('down');
  });

  it('calls back no more after an unsubscription, and an error of a callback ends nothing', async (test) => {
    const fleet = await start(test);
    const client = open(test, fleet.pod(0).url);
    const uncaught = vi.fn<(error: unknown) => void>();
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', uncaught);
    test.onTestFinished(() => {
      process.removeAllListeners('uncaughtException');
      for (const other of others) process.on('uncaughtException', other);
    });
    const heard = vi.fn<() => void>();
    const off = client.on('change', heard);
    off();
    client.on('change', () => {
      throw new Error('of the callback');
    });
    await client.ready;
    await until(() => uncaught.mock.calls.length > 0, { withinMs: 5_000, what: 'the error' });
    expect(heard).not.toHaveBeenCalled();
    expect(client.connected).toBe(true);
  });

  it('reads ages again from time to time, so that they show the newest probe', async (test) => {
    const fleet = await start(test, { interval: 1 });
    const client = open(test, fleet.pod(0).url, { refreshMs: 100 });
    await client.ready;
    let [most, drops, last] = [0, 0, 0];
    await until(
      () => {
        const age = client.state('embed')?.ageMs ?? Infinity;
        if (age < last) drops++;
        [most, last] = [Math.max(most, age), age];
        return drops >= 3;
      },
      { withinMs: 20_000, what: 'three newer probes', everyMs: 20 },
    );
    expect(most).toBeLessThan(5_000);
  });

  it('goes on with older ages while its pod is away, and reads everything again from its successor', async (test) => {
    const fleet = await start(test);
    const client = open(test, fleet.pod(0).url);
    const connections: boolean[] = [];
    client.on('connection', (connected) => void connections.push(connected));
    await client.ready;
    const port = Number(new URL(fleet.pod(0).url).port);
    await fleet.pod(0).end();
    await until(() => !client.connected, { withinMs: 5_000, what: 'the loss of the connection' });
    const before = client.state('chat');
    expect(before).toMatchObject({ state: 'up', stale: true });
    const older = (): boolean => (client.state('chat')?.ageMs ?? 0) > (before?.ageMs ?? Infinity);
    await until(older, { withinMs: 5_000, what: 'the age to go on' });
    fleet.upstream.set('chat', { kind: 'status', status: 500 });
    await fleet.addPod({ port });
    await until(() => client.connected, { withinMs: 30_000, what: 'the connection to the next pod' });
    await until(() => client.state('chat')?.state === 'down', { withinMs: 30_000, what: 'chat to be down' });
    expect(client.state('chat')?.stale).toBe(false);
    expect(connections).toEqual([true, false, true]);
  });

  it('misses no change while its connection is cut', async (test) => {
    const fleet = await start(test);
    const between = await startProxy(test, { pod: fleet.pod(0).url });
    const client = open(test, between.url);
    await client.ready;
    between.cut();
    await until(() => !client.connected, { withinMs: 5_000, what: 'the loss of the connection' });
    fleet.upstream.set('chat', { kind: 'status', status: 500 });
    const isDown = async (): Promise<boolean> =>
      (await fleet.pod(0).fleet()).targets.some(({ state }) => state === 'down');
    await until(isDown, { withinMs: 30_000, what: 'chat to be down in the pod' });
    expect(client.state('chat')?.state).toBe('up');
    between.mend();
    await until(() => client.connected, { withinMs: 30_000, what: 'the connection' });
    await until(() => client.state('chat')?.state === 'down', { withinMs: 1_000, what: 'the client to know' });
    expect(between.lastEventIds()).toEqual([undefined, expect.stringMatching(/^pod_.*-\d+$/)]);
  });
});

describe('ready', () => {
  it.for([
    ['a wrong key', { key: 'sk-wrong' }, '', 'wrong-key', /does not accept the key \(HTTP 401\)/],
    ['another path', {}, '/nothing', 'wrong-url', /is not an allswell pod: HTTP 404/],
  ] as const)('rejects with %s', async ([_what, changes, path, code, text], test) => {
    const fleet = await start(test);
    const client = open(test, fleet.pod(0).url + path, changes);
    const message = expect.stringMatching(text);
    await expect(client.ready).rejects.toMatchObject({ name: 'FleetClientError', code, message });
  });

  it('rejects where something else answers', async (test) => {
    const server = createServer((_, answer) => answer.end('<html>')).listen(0, '127.0.0.1');
    test.onTestFinished(() => void server.close());
    await until(() => server.listening, { withinMs: 5_000, what: 'the server' });
    const client = open(test, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(client.ready).rejects.toMatchObject({
      code: 'wrong-url',
      message: expect.stringContaining('not JSON'),
    });
  });

  it('rejects where nothing answers in time, and when the client is closed', async (test) => {
    const url = await closedPort();
    const late = open(test, url, { readyTimeoutMs: 300 });
    const message = expect.stringMatching(/^cannot reach a pod at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    await expect(late.ready).rejects.toMatchObject({ code: 'unreachable', message });
    const closed = connect({ url });
    await closed.close();
    await expect(closed.ready).rejects.toMatchObject({ code: 'closed' });
  });
});

it('a client that is disposed leaves nothing behind', async (test) => {
  const fleet = await start(test);
  const heard: boolean[] = [];
  {
    await using client = connect({ url: fleet.pod(0).url, key: SECRETS.masterKey });
    client.on('connection', (connected) => void heard.push(connected));
    await client.ready;
  }
  await until(() => heard.length === 2, { withinMs: 1_000, what: 'the end of the connection' });
  expect(heard).toEqual([true, false]);
});

/** An address on which nothing listens. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await until(() => server.listening, { withinMs: 5_000, what: 'the server' });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
