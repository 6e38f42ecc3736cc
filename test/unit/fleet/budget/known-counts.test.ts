import { describe, expect, it } from 'vitest';
import { countingRandom, fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { HOUR_US } from '../../../../src/ports/index.ts';
import type { Budget } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const INTERVAL_MS = 10_000;
const LIMIT = 20;

/** Pods of one fleet under a limit of 20 paid probes an hour, from the start of an hour. */
async function pods(count: number, targets = 1) {
  const world = testWorld();
  const hourMs = HOUR_US / 1000;
  world.clock.advance(hourMs - (world.clock.wallMs() % hourMs));
  const upstream = testUpstream(world.clock);
  const random = countingRandom();
  const known = Array.from({ length: targets }, (_, i) =>
    fleetTarget({ id: `${i * 3}0000000aaaa`, intervalMs: INTERVAL_MS, paid: { worstNanoUsd: 100, instead: 'models' } }),
  );
  const stores = Array.from({ length: count }, () => hangingStore(world.clock, world.memory.open()));
  stores.forEach(({ store }, i) => {
    const own = { pod: `pod_${i}`, store, prober: upstream, targets: known, expectedPods: count, random };
    createFleet(world.options({ ...own, budget: { probesPerHour: LIMIT } })).start();
  });
  return {
    ...world,
    upstream,
    paid: () => upstream.probes.filter(({ level }) => level === 'inference').length,
    hang: (hung: boolean) => stores.forEach((store) => (store.hung = hung)),
    /** The rest of the hour, all but its end. */
    restOfHour: async () => await world.pass(hourMs - (world.clock.wallMs() % hourMs) - 1_000, 250),
  };
}

/** A fleet of one target whose pods come and go, from the start of an hour. */
async function podsThatCome() {
  const world = testWorld();
  const hourMs = HOUR_US / 1000;
  await world.pass(hourMs - (world.clock.wallMs() % hourMs), 60_000);
  const upstream = testUpstream(world.clock);
  const random = countingRandom();
  const settings = (budget: Budget): FleetOptions => {
    const target = fleetTarget({ intervalMs: INTERVAL_MS, paid: { worstNanoUsd: 100, instead: 'models' } });
    return world.options({ prober: upstream, targets: [target], random, budget });
  };
  return {
    ...world,
    upstream,
    paid: () => upstream.probes.filter(({ level }) => level === 'inference').length,
    start: (pod: string, budget: Budget = { probesPerHour: LIMIT }): Fleet => {
      const fleet = createFleet({ ...settings(budget), pod, store: world.memory.open() });
      fleet.start();
      return fleet;
    },
    reloadWith: (fleet: Fleet, budget: Budget) => fleet.reload(settings(budget)),
  };
}

describe('the limit of an hour', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'holds for a pod alone whose store lost its data %d s after some full interval, noticed or not (U4)',
    async (second) => {
      const { pass, memory, paid, restOfHour } = await pods(1);
      await pass(15 * INTERVAL_MS + second * 1_000, 50);
      memory.flush();
      await pass(5 * INTERVAL_MS, 50);
      const before = paid();
      expect(before).toBeGreaterThanOrEqual(18);
      memory.flush();
      await restOfHour();
      expect(paid()).toBe(LIMIT);
    },
  );

  it.each([1, 4])(
    'holds where the store loses its data between a claim and the commit that would name its epoch, of %d targets',
    async (count) => {
      const { pass, memory, paid, restOfHour } = await pods(1, count);
      await pass((10 / count) * INTERVAL_MS, 50);
      memory.flush();
      const before = paid();
      for (let ms = 0; ms < 2 * INTERVAL_MS && paid() === before; ms += 50) {
        // oxlint-disable-next-line no-await-in-loop -- virtual time goes on step by step
        await pass(50, 50);
      }
      expect(paid()).toBe(before + 1);
      memory.flush();
      await restOfHour();
      expect(paid()).toBe(LIMIT);
    },
  );

  it.each([1, 3])(
    'holds for %d pods that were without the store for a time, though the store kept its data',
    async (count) => {
      const { pass, hang, paid, restOfHour } = await pods(count, 4);
      await pass(2 * INTERVAL_MS, 50);
      hang(true);
      const before = paid();
      await pass(5 * INTERVAL_MS, 50);
      expect(paid()).toBeGreaterThan(before);
      hang(false);
      await restOfHour();
      expect(paid()).toBeLessThanOrEqual(LIMIT);
      expect(paid()).toBeGreaterThanOrEqual(LIMIT - 5);
    },
  );

  it.each([1, 3])('holds for %d pods whose store comes back empty, and again', async (count) => {
    const { pass, hang, memory, paid, restOfHour } = await pods(count, 2);
    for (const intervals of [2, 4]) {
      await pass(2 * INTERVAL_MS, 50);
      hang(true);
      await pass(intervals * INTERVAL_MS, 50);
      memory.flush();
      hang(false);
      await pass(INTERVAL_MS, 50);
    }
    await restOfHour();
    expect(paid()).toBeLessThanOrEqual(LIMIT);
    expect(paid()).toBeGreaterThanOrEqual(LIMIT - 8);
  });

  it.each([2, 5])(
    'is nearly reached by %d pods whose store lost its data six times: few counts are brought twice',
    async (count) => {
      const { pass, memory, paid, restOfHour } = await pods(count, 2);
      for (let round = 0; round < 6; round += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one loss after another, at other moments of the interval
        await pass(INTERVAL_MS + round * 300, 50);
        memory.flush();
      }
      await restOfHour();
      expect(paid()).toBeLessThanOrEqual(LIMIT);
      expect(paid()).toBeGreaterThanOrEqual(LIMIT - 4);
    },
  );

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'holds where data is lost while probes of other pods run, %d s after some full interval',
    async (second) => {
      const { pass, memory, upstream, paid, restOfHour } = await pods(3, 2);
      upstream.tookMs = 3_500;
      await pass(3 * INTERVAL_MS + second * 1_000, 50);
      for (let round = 0; round < 4; round += 1) {
        memory.flush();
        // oxlint-disable-next-line no-await-in-loop -- one loss after another
        await pass(INTERVAL_MS + 700, 50);
      }
      await restOfHour();
      expect(paid()).toBeLessThanOrEqual(LIMIT);
      expect(paid()).toBeGreaterThanOrEqual(LIMIT / 2);
    },
  );

  it('starts again with the next hour, whatever was counted before', async () => {
    const { pass, memory, paid, restOfHour } = await pods(1);
    await pass(25 * INTERVAL_MS, 50);
    memory.flush();
    await restOfHour();
    expect(paid()).toBe(LIMIT);
    await pass(1_000 + 5 * INTERVAL_MS, 50);
    expect(paid()).toBeGreaterThanOrEqual(LIMIT + 4);
  });
});

describe('the limit of an hour, where pods come while the store has lost its data,', () => {
  it.each([
    ['a pod starts anew after each loss', { losses: 5, gapMs: 0 }],
    ['a pod starts anew 5 s after each loss', { losses: 5, gapMs: 5_000 }],
    ['a pod starts anew 30 s after each loss', { losses: 5, gapMs: 30_000 }],
    ['a pod is away while the data is lost', { losses: 5, gapMs: -1_000 }],
  ])('holds where another pod knows what is spent, and %s', async (_, { losses, gapMs }) => {
    const { pass, memory, upstream, paid, start } = await podsThatCome();
    start('stays');
    let other = start('first');
    await pass(30 * INTERVAL_MS, 100);
    expect(paid()).toBe(LIMIT);
    for (let i = 0; i < losses; i += 1) {
      /* oxlint-disable no-await-in-loop -- one loss after another */
      if (gapMs < 0) {
        void other.stop();
        await pass(-gapMs, 50);
      }
      memory.flush();
      if (gapMs > 0) await pass(gapMs, 50);
      if (gapMs >= 0) void other.stop();
      other = start(`next${i}`);
      await pass(10 * INTERVAL_MS, 100);
      /* oxlint-enable no-await-in-loop */
    }
    expect(paid()).toBe(LIMIT);
    // Free probes go on meanwhile.
    expect(upstream.probes.length).toBeGreaterThan(LIMIT + 5 * losses);
  });

  it.each([2, 9])(
    'holds for the budget of a target where one pod knows what is spent, and %d pods come',
    async (count) => {
      const world = testWorld();
      const hourMs = HOUR_US / 1000;
      await world.pass(hourMs - (world.clock.wallMs() % hourMs), 60_000);
      const upstream = testUpstream(world.clock);
      const paid = { worstNanoUsd: 100, instead: 'models', budget: { probesPerHour: LIMIT } } as const;
      const targets = Array.from({ length: 6 }, (_, i) =>
        fleetTarget({ id: `${(i * 2 + 1).toString(16)}0000000aaaa`, intervalMs: 60_000, paid }),
      );
      const random = countingRandom();
      const start = (pod: string): void =>
        createFleet(world.options({ pod, store: world.memory.open(), prober: upstream, targets, random })).start();
      start('knows');
      await world.pass(25 * 60_000 + 300, 100);
      world.memory.flush();
      for (let i = 0; i < count; i += 1) start(`new_${i}`);
      await world.pass(30 * 60_000, 250);
      for (const { id } of targets) {
        expect(upstream.probes.filter(({ target, level }) => target === id && level === 'inference')).toHaveLength(
          LIMIT,
        );
      }
    },
  );

  it('is not used up by a pod that loses the store repeatedly while the others reach it', async () => {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const targets = [0, 1, 2, 3].map((i) =>
      fleetTarget({ id: `${i * 3}0000000aaaa`, intervalMs: 120_000, paid: { worstNanoUsd: 100, instead: 'models' } }),
    );
    const stores = [0, 1, 2].map(() => hangingStore(world.clock, world.memory.open()));
    const budget = { nanoUsdPerDay: 600_000 };
    stores.forEach(({ store }, i) =>
      createFleet(
        world.options({ pod: `pod_${i}`, store, prober: upstream, targets, expectedPods: 3, budget }),
      ).start(),
    );
    await world.pass(60_000, 100);
    for (let minute = 0; minute < 60; minute += 1) {
      /* oxlint-disable no-await-in-loop -- minute after minute */
      stores[0]!.hung = true;
      await world.pass(20_000, 250);
      stores[0]!.hung = false;
      await world.pass(40_000, 250);
      /* oxlint-enable no-await-in-loop */
    }
    const counted = Number((world.memory.texts('budget').get('!fleet') ?? '').split(' ')[3]);
    const paid = upstream.probes.filter(({ level }) => level === 'inference').length * 100;
    expect(counted).toBeGreaterThanOrEqual(paid - 400);
    expect(counted).toBeLessThanOrEqual(1.2 * paid);
  });

  it('delays the first pods of a new fleet by at most two heartbeats', async () => {
    const { pass, paid, start } = await podsThatCome();
    start('first');
    await pass(6_000 + INTERVAL_MS / 4 + 100, 50);
    expect(paid()).toBe(1);
  });
});

describe('a budget that comes with a reload', () => {
  it('counts from then on, even if data was lost before it and pods received paid probes in that hour', async () => {
    const { pass, memory, paid, start, reloadWith } = await podsThatCome();
    const fleets = ['a', 'b', 'c'].map((pod) => start(pod, {}));
    await pass(2 * INTERVAL_MS, 100);
    memory.flush();
    await pass(28 * INTERVAL_MS, 100);
    const before = paid();
    expect(before).toBeGreaterThanOrEqual(LIMIT);
    for (const fleet of fleets) reloadWith(fleet, { probesPerHour: LIMIT });
    await pass(10 * INTERVAL_MS, 100);
    expect(paid() - before).toBeGreaterThanOrEqual(9);
  });
});
