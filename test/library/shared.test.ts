import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { chat, join, redis, twoUpstreams, MOST_MET } from './stand.ts';

/** Trials as often as a test can wait for. */
const routing = { trialIntervalMs: 1_000 };

describe('processes that share a Redis', () => {
  it('all avoid an upstream that failed in two of them, and one request of the fleet at a time tests it', async () => {
    const { a, b, targets } = await twoUpstreams();
    const { address } = await redis();
    const fleets = await Promise.all(Array.from({ length: 4 }, () => join({ redis: address, targets, routing })));
    const ask = async (): Promise<void> => {
      for (const response of await Promise.all(fleets.map(async (fleet) => await chat(fleet.fetch('chat'))))) {
        expect(response.status).toBe(200);
        await response.text();
      }
    };
    for (let i = 0; i < 10; i += 1) await ask();
    expect(a.traffic('chat')).toBeGreaterThan(0);
    a.set('chat', { kind: 'status', status: 503 });
    const before = a.traffic('chat');
    const states = (): string[] => fleets.map((fleet) => fleet.state('chat').deployments[0]?.state ?? '');
    const allDown = async (): Promise<boolean> => {
      await ask();
      return states().every((state) => state === 'down');
    };
    await until(allDown, { withinMs: 10_000, what: 'down in every process', everyMs: 10 });
    // Two of each process at most, and the tests of the fleet.
    expect(a.traffic('chat') - before).toBeLessThanOrEqual(2 * fleets.length + 2);
    const downFrom = performance.now();
    const atDown = a.traffic('chat');
    while (performance.now() - downFrom < 5_000) await ask();
    const seconds = (performance.now() - downFrom) / 1_000;
    expect(a.traffic('chat') - atDown).toBeGreaterThan(0);
    expect(a.traffic('chat') - atDown).toBeLessThanOrEqual(seconds + 1);

    a.set('chat', { kind: 'ok' });
    const allUp = async (): Promise<boolean> => {
      await ask();
      return states().every((state) => state === 'up');
    };
    await until(allUp, { withinMs: 10_000, what: 'up in every process', everyMs: 10 });
    expect(b.traffic('chat')).toBeGreaterThan(0);
  });

  it('know at once, without a request of their own, what the others found', async () => {
    const { a, targets } = await twoUpstreams();
    const { address } = await redis();
    const [one, two, reader] = await Promise.all(
      Array.from({ length: 3 }, () => join({ redis: address, targets, routing })),
    );
    const changes: string[] = [];
    reader!.on('change', ({ deployment, before, state, groups }) =>
      changes.push(`${groups.join()} ${deployment}: ${before} → ${state}`),
    );
    a.set('chat', { kind: 'reset' });
    const down = async (): Promise<boolean> => {
      await Promise.all([one!, two!].map(async (fleet) => await (await chat(fleet.fetch('chat'))).text()));
      return reader!.state('chat').deployments[0]?.state === 'down';
    };
    await until(down, { withinMs: 10_000, what: 'down for the reader', everyMs: 10 });
    expect(changes.at(-1)).toMatch(/^chat a: \w+ → down$/);
    expect(reader!.pick('chat').id).toBe('b');
    expect(reader!.state('chat')).toMatchObject({ state: expect.not.stringMatching('down'), routable: true });
    expect(reader!.explain('chat')).toMatch(
      /^chat: \w+, 1 of 2 upstreams routable\n {2}a down since .*\n {4}http.*, target \w+\n {2}b /,
    );
  });

  it('go on by themselves while Redis is away, and share again when it is back', async () => {
    const { a, b, targets } = await twoUpstreams();
    const server = await redis();
    const fleet = await join({ redis: server.address, targets, routing });
    expect(fleet.mode).toBe('shared');
    server.pause();
    a.set('chat', { kind: 'status', status: 500 });
    const startedMs = performance.now();
    for (let i = 0; i < 20; i += 1) expect((await chat(fleet.fetch('chat'))).status).toBe(200);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(a.traffic('chat')).toBeLessThanOrEqual(MOST_MET);
    expect(b.traffic('chat')).toBe(20);
    server.resume();
    const shared = (): boolean => fleet.mode === 'shared';
    await until(shared, { withinMs: 10_000, what: 'sharing again' });
  });

  it('join later where Redis is not there at first', async () => {
    const { targets } = await twoUpstreams();
    const startedMs = performance.now();
    const fleet = await join({ redis: 'redis://127.0.0.1:1', targets, joinTimeoutMs: 300 });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect((await chat(fleet.fetch('chat'))).status).toBe(200);
  });
});
