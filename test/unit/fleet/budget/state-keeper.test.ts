import { describe, expect, it } from 'vitest';
import { countingRandom, fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { HOUR_US } from '../../../../src/ports/index.ts';
import type { KeptState, PodState } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const INTERVAL_MS = 10_000;
const HOUR_MS = HOUR_US / 1000;
const LIMIT = 20;
const targets = Array.from({ length: 4 }, (_, i) =>
  fleetTarget({ id: `${i * 3}0000000aaaa`, intervalMs: INTERVAL_MS, paid: { worstNanoUsd: 100, instead: 'models' } }),
);

/** A place for the state of one pod that a test can look into, plant into and take away. */
function place() {
  const kept: { state: KeptState | null; writes: number; outcome: 'kept' | 'failed' | 'taken' } = {
    state: null,
    writes: 0,
    outcome: 'kept',
  };
  const state: PodState = {
    read: () => kept.state,
    write: (next) => {
      kept.writes += 1;
      if (kept.outcome === 'kept') kept.state = structuredClone(next);
      return Promise.resolve(kept.outcome);
    },
  };
  return Object.assign(kept, { port: state });
}

/** Pods on stores that can hang, from the start of an hour. */
function world() {
  const { clock, memory, options, pass } = testWorld();
  clock.advance(HOUR_MS - (clock.wallMs() % HOUR_MS));
  const upstream = testUpstream(clock);
  const random = countingRandom();
  const budget = { probesPerHour: LIMIT };
  const start = (state: PodState | undefined, changes: Partial<FleetOptions> = {}) => {
    const hanging = hangingStore(clock, memory.open());
    const own = { prober: upstream, targets, budget, expectedPods: null, random, ...(state && { state }) };
    return {
      hanging,
      /** Starts, without the store or with it. */
      run: (hung: boolean): Fleet => {
        hanging.hung = hung;
        const fleet = createFleet(options({ store: hanging.store, ...own, ...changes }));
        fleet.start();
        return fleet;
      },
    };
  };
  const paid = (): number => upstream.probes.filter(({ level }) => level === 'inference').length;
  const restOfHour = async (): Promise<void> => await pass(HOUR_MS - (clock.wallMs() % HOUR_MS) - 1_000, 250);
  return { clock, memory, pass, upstream, start, paid, restOfHour };
}

/** A process that is killed: it makes no further step, for its store and its upstream are gone and it is stopped. */
async function stopped(fleet: Fleet, pass: (ms: number) => Promise<void>): Promise<void> {
  const done = fleet.stop();
  await pass(12_000);
  await done;
}

describe('what a pod keeps', () => {
  it('lets a restart without the store continue its share of the budget', async () => {
    const { pass, start, paid, restOfHour } = world();
    const kept = place();
    const first = start(kept.port, { pod: 'pod_1' });
    const fleet = first.run(false);
    await pass(1 * INTERVAL_MS, 50);
    const withStore = paid();
    first.hanging.hung = true;
    await pass(INTERVAL_MS, 50);
    await stopped(fleet, pass);
    for (const pod of ['pod_2', 'pod_3', 'pod_4']) {
      const next = start(kept.port, { pod, expectedPods: 1 }).run(true);
      await pass(3 * INTERVAL_MS, 50);
      await stopped(next, pass);
    }
    const last = start(kept.port, { pod: 'pod_5', expectedPods: 1 }).run(true);
    await restOfHour();
    await stopped(last, pass);
    const share = Math.floor((LIMIT - withStore) / 4);
    expect(share).toBeGreaterThan(1);
    expect(paid() - withStore).toBe(share);
  });

  it('lets each of three pods go on with a third of the share, though none has met the others yet', async () => {
    const { pass, start, paid, restOfHour } = world();
    const places = [place(), place(), place()];
    const before = places.map(({ port }, i) => start(port, { pod: `pod_${i}` }));
    const fleets = before.map((one) => one.run(false));
    await pass(INTERVAL_MS, 50);
    const withStore = paid();
    await Promise.all(fleets.map((fleet) => stopped(fleet, async () => undefined)).concat(pass(12_000, 50)));
    expect(places.map(({ state }) => state?.pods)).toEqual([3, 3, 3]);
    for (const [i, { port }] of places.entries()) start(port, { pod: `next_${i}` }).run(true);
    await restOfHour();
    const share = Math.floor((LIMIT - withStore) / 4);
    expect(paid() - withStore).toBeGreaterThan(0);
    expect(paid() - withStore).toBeLessThanOrEqual(share);
  });

  it('is restored to a store that lost its data while the only pod was restarted (U4)', async () => {
    const { pass, start, memory, paid, restOfHour } = world();
    const kept = place();
    const fleet = start(kept.port, { pod: 'pod_1' }).run(false);
    await pass(3 * INTERVAL_MS, 50);
    const before = paid();
    await stopped(fleet, pass);
    memory.flush();
    start(kept.port, { pod: 'pod_2' }).run(false);
    await restOfHour();
    expect(before).toBeGreaterThan(8);
    expect(paid()).toBe(LIMIT);
  });

  it('lets paid probes of a pod that never saw the store go on after 2, 4, 8 … intervals over restarts', async () => {
    const { pass, start, paid } = world();
    const kept = place();
    for (let i = 0; i < 12; i += 1) {
      const fleet = start(kept.port, { pod: `pod_${i}`, budget: {} }).run(true);
      // oxlint-disable-next-line no-await-in-loop -- one process after another
      await pass(4 * INTERVAL_MS, 100);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await stopped(fleet, pass);
    }
    // 60 intervals or so: at the start, then 2, 6, 14 and 30 intervals later; without a state every start would pay twice.
    expect(paid() / targets.length).toBeGreaterThanOrEqual(4);
    expect(paid() / targets.length).toBeLessThanOrEqual(6);
  });

  it('is no paid probe of a time without the store once the store was seen', async () => {
    const { pass, start } = world();
    const kept = place();
    const first = start(kept.port);
    first.run(true);
    await pass(INTERVAL_MS, 50);
    expect(kept.state?.fallbackProbes).toEqual([]);
    const other = place();
    start(other.port, { pod: 'pod_b', budget: {} }).run(true);
    await pass(INTERVAL_MS, 50);
    expect(other.state?.fallbackProbes).toHaveLength(targets.length);
    expect(other.state?.fallbackProbes[0]).toMatchObject({ paidProbes: 1 });
    first.hanging.hung = false;
    await pass(2 * INTERVAL_MS, 50);
    expect(kept.state?.fallbackProbes).toEqual([]);
    expect(kept.state?.uses.find(({ owner }) => owner === '!fleet')?.counted.probes).toBeGreaterThanOrEqual(4);
  });

  it('is written at once, then once a second at most, and as it is when the pod stops', async () => {
    const { pass, start, clock } = world();
    const kept = place();
    const { run } = start(kept.port);
    const fleet = run(false);
    await pass(50);
    expect(kept.writes).toBe(1);
    const fromMs = clock.monotonicMs();
    for (let i = 0; i < 20; i += 1) {
      const before = kept.writes;
      // oxlint-disable-next-line no-await-in-loop -- second by second
      await pass(1_000, 50);
      expect(kept.writes - before).toBeLessThanOrEqual(1);
    }
    expect(kept.writes).toBeGreaterThanOrEqual(4);
    expect(kept.writes).toBeLessThanOrEqual(1 + (clock.monotonicMs() - fromMs) / 1_000);
    await stopped(fleet, pass);
    const written = kept.writes;
    await pass(5_000);
    expect(kept.writes).toBe(written);
  });

  it('that cannot be written is an incident that the pod shows', async () => {
    const { pass, start } = world();
    const kept = place();
    kept.outcome = 'failed';
    const fleet = start(kept.port).run(false);
    await pass(INTERVAL_MS, 50);
    expect(fleet.status().incidents).toMatchObject([{ kind: 'state-not-kept' }]);
  });

  it('is not written once another process writes there, and no more probes are paid without the store', async () => {
    const { pass, start, paid, clock } = world();
    const kept = place();
    const first = start(kept.port);
    first.run(false);
    await pass(INTERVAL_MS, 50);
    kept.outcome = 'taken';
    first.hanging.hung = true;
    await pass(INTERVAL_MS, 50);
    const [writes, before, fromMs] = [kept.writes, paid(), clock.monotonicMs()];
    await pass(20 * INTERVAL_MS, 100);
    expect(clock.monotonicMs() - fromMs).toBe(20 * INTERVAL_MS);
    expect([kept.writes, paid()]).toEqual([writes, before]);
    first.hanging.hung = false;
    await pass(3 * INTERVAL_MS, 50);
    expect(paid()).toBeGreaterThan(before);
  });

  it('counts for nothing where it is of a time to come, of no target of this pod, or absent', async () => {
    const { pass, start, paid, clock } = world();
    const kept = place();
    const hour = Math.floor((clock.wallMs() * 1000) / HOUR_US) + 1_000;
    const counted = { hour, probes: 0, day: Math.floor(hour / 24), nanoUsd: 0, epoch: null };
    const uses = ['!fleet', ...targets.map(({ id }) => id), 'gone'].map((owner) => {
      return { owner, counted, alone: null, opened: false };
    });
    kept.state = { pods: 1, uses, fallbackProbes: [{ target: 'gone', paidProbes: 3, paidAt: 9_000_000_000_000_000 }] };
    start(kept.port).run(true);
    start(place().port, { pod: 'pod_b' }).run(true);
    await pass(20 * INTERVAL_MS, 100);
    expect(paid()).toBe(0);
    expect(kept.state.uses).toEqual([]);
    expect(kept.state.fallbackProbes).toEqual([]);
  });

  it('is of as many pods as lived in that hour, where they stop one after the other', async () => {
    const { pass, start } = world();
    const places = [place(), place(), place()];
    const fleets = places.map(({ port }, i) => start(port, { pod: `pod_${i}` }).run(false));
    await pass(INTERVAL_MS, 50);
    for (const fleet of fleets) {
      // oxlint-disable-next-line no-await-in-loop -- one pod after another
      await stopped(fleet, pass);
    }
    expect(places.map(({ state }) => state?.pods)).toEqual([3, 3, 3]);
  });

  it('includes every paid probe until the pod stops', async () => {
    const { pass, start, paid, upstream } = world();
    upstream.tookMs = 5;
    const kept = place();
    const soonAfter = [...targets, { ...targets[0]!, id: '08000000aaaa' }];
    const fleet = start(kept.port, { targets: soonAfter }).run(false);
    await pass(INTERVAL_MS, 50);
    const written = (): unknown => kept.state?.uses.find(({ owner }) => owner === '!fleet')?.counted.probes;
    for (let writes = 0, ms = 0; ms < 20 * INTERVAL_MS && (written() === paid() || kept.writes !== writes); ms += 50) {
      writes = kept.writes;
      // oxlint-disable-next-line no-await-in-loop -- up to a probe so soon after another one that it is not written yet
      await pass(50, 50);
    }
    expect(written()).toBeLessThan(paid());
    void fleet.stop();
    await pass(150, 10);
    expect(written()).toBe(paid());
  });
});
