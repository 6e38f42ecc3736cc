import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, recordingLogger, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const many = Array.from({ length: 200 }, (_, i) =>
  fleetTarget({
    id: ((i * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'),
    name: `t${i}`,
    upstreamHost: `host-${i % 10}`,
    intervalMs: 30_000,
  }),
);

function pods(count: number) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const stores = Array.from({ length: count }, () => hangingStore(world.clock, world.memory.open()));
  const fleets = stores.map(({ store }, i) =>
    createFleet(world.options({ pod: `pod_${i}`, store, prober: upstream, targets: many, maxProbes: 50 })),
  );
  for (const fleet of fleets) fleet.start();
  const told = (): string[] =>
    world.logger.lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
  return { ...world, upstream, stores, fleets, told };
}

describe('what a pod logs', () => {
  it('is at most five INFO lines in the interval of its start, with 200 targets', async () => {
    const { told, pass } = pods(1);
    await pass(30_000, 50);
    expect(told().length).toBeLessThanOrEqual(5);
    expect(told()).toContain('Initialized shared health check manager');
    expect(told()).toContain('Cached health check results for 200 healthy and 0 unhealthy endpoints');
  });

  it("is at most five INFO lines per pod and interval afterwards, in LiteLLM's words", async () => {
    const { told, pass, logger } = pods(3);
    await pass(60_000, 50);
    for (let interval = 0; interval < 3; interval += 1) {
      logger.lines.length = 0;
      // oxlint-disable-next-line no-await-in-loop -- one interval after the other
      await pass(30_000, 50);
      expect(told().length).toBeLessThanOrEqual(3 * 5);
      expect(told().some((line) => /^Pod pod_\d acquired health check lock$/.test(line))).toBe(true);
      expect(told().some((line) => /^Pod pod_\d released health check lock$/.test(line))).toBe(true);
      expect(told()).toContain('Cached health check results for 200 healthy and 0 unhealthy endpoints');
    }
  });

  it('names every claim and every commit at DEBUG', async () => {
    const { logger, pass } = pods(1);
    await pass(10_000, 50);
    const debug = logger.lines.filter(({ level }) => level === 'debug').map(({ message }) => message);
    expect(debug.filter((line) => line.startsWith('Claimed t'))).toHaveLength(200);
    expect(debug.filter((line) => line.startsWith('Committed t'))).toHaveLength(200);
  });

  it('is one line about a store that stopped answering, and one about its return (a breaker that floods the logs)', async () => {
    const { told, pass, logger, stores } = pods(3);
    await pass(60_000, 50);
    logger.lines.length = 0;
    for (const store of stores) store.hung = true;
    await pass(90_000, 50);
    const falls = told().filter((line) => line.startsWith('Falling back to local health checks'));
    expect(falls).toHaveLength(3);
    expect(told().filter((line) => !/lock$|^Cached|^Falling/.test(line))).toEqual([]);
    for (const store of stores) store.hung = false;
    await pass(5_000, 50);
    expect(told().filter((line) => line === 'Sharing health again: Redis answers')).toHaveLength(3);
  });

  it('is one line per pod and change when something breaks, and one more in the pod that saw it first', async () => {
    const { told, pass, logger, upstream } = pods(2);
    await pass(60_000, 50);
    logger.lines.length = 0;
    upstream.failure = { class: 'auth', status: 401, message: 'wrong key' };
    await pass(35_000, 50);
    const count = (change: string): number => told().filter((line) => line.includes(change)).length;
    expect(count(' is suspect (was up): not confirmed yet: 1 auth error')).toBe(200);
    expect(count(' is down (was suspect): 2 auth errors')).toBe(200);
    expect(count(' is down (was up): 2 auth errors')).toBe(200);
    // The fleet warns once of each.
    const warnings = logger.lines.filter(({ level, message }) => level === 'warn' && message.includes(' is down '));
    expect(warnings).toHaveLength(200);
    expect(new Set(warnings.map(({ message }) => message.split(' ')[2])).size).toBe(200);
  });

  it('is a warning of one pod about a pod that left', async () => {
    const { pass, logger, upstream, fleets } = pods(3);
    await pass(60_000, 50);
    upstream.failure = { class: 'auth', status: 401, message: 'wrong key' };
    await pass(35_000, 50);
    logger.lines.length = 0;
    void fleets[2]?.stop();
    await pass(30_000, 50);
    const gone = logger.lines.filter(({ message }) => message.startsWith('Pods left the fleet: pod_2'));
    expect(gone.map(({ level }) => level).toSorted()).toEqual(['debug', 'warn']);
    expect(gone.find(({ level }) => level === 'warn')?.message).toMatch(
      /no heartbeat for 10 s; 2 pods left\. To fix: /,
    );
  });

  it('names no pod as gone where only the store was away', async () => {
    const { pass, logger, stores } = pods(3);
    await pass(60_000, 50);
    for (const store of stores) store.hung = true;
    await pass(30_000, 50);
    for (const store of stores) store.hung = false;
    await pass(30_000, 50);
    expect(logger.lines.filter(({ message }) => message.startsWith('Pods left'))).toEqual([]);
  });

  it("is LiteLLM's line about results of another pod, once per interval, in a pod that only reads", async () => {
    const world = testWorld();
    const [prober, reader] = [recordingLogger(), recordingLogger()];
    const upstream = testUpstream(world.clock);
    const targets = many.slice(0, 20);
    const start = (pod: string, logger: typeof reader, background: boolean): void =>
      createFleet(
        world.options({
          pod,
          logger,
          store: world.memory.open(),
          prober: upstream,
          targets: targets.map((target) => ({ ...target, background })),
        }),
      ).start();
    start('pod_a', prober, true);
    start('pod_b', reader, false);
    await world.pass(5_000, 50);
    reader.lines.length = 0;
    await world.pass(90_000, 50);
    const read = reader.lines.filter(({ message }) => message === 'Using cached health check results');
    expect(read.map(({ level }) => level)).toEqual(['info', 'info', 'info']);
    expect(prober.lines.some(({ message }) => message === 'Using cached health check results')).toBe(false);
    for (const line of ['acquired', 'released']) {
      const logged = prober.lines.filter(({ message }) => message === `Pod pod_a ${line} health check lock`);
      expect(logged.length).toBeLessThanOrEqual(4);
      expect(logged.length).toBeGreaterThanOrEqual(3);
    }
  });
});
