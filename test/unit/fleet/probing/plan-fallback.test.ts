import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { defaultPolicy } from '../../../../src/health/index.ts';
import { memoryFleet } from '../../../../src/store/memory/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';
import type { FallbackProbes } from '../../../../src/fleet/budget/fallback-history.ts';
import { planFallback } from '../../../../src/fleet/probing/plan-fallback.ts';
import type { PlannerParts } from '../../../../src/fleet/probing/planner.ts';

const INTERVAL_MS = 10_000;
const HOURS_MS = 3 * 3_600_000;
const target = fleetTarget({ intervalMs: INTERVAL_MS, paid: { worstNanoUsd: 100, instead: 'models' } });

/** One pod whose store has a clock of its own, and can hang. */
function pod({ hung, ...changes }: Partial<FleetOptions> & { readonly hung: boolean }) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  let storeAheadMs = 0;
  const clockUs = (): number => Math.floor((world.clock.wallMs() + storeAheadMs) * 1000);
  const memory = memoryFleet({ clockUs, schedule: (deliver) => deliver() });
  const hanging = hangingStore(world.clock, memory.open());
  hanging.hung = hung;
  const own = { store: hanging.store, prober: upstream, targets: [target] };
  createFleet(world.options({ ...own, ...changes })).start();
  return {
    ...world,
    upstream,
    hanging,
    stepStoreClock: (ms: number) => (storeAheadMs += ms),
    paidAt: () => upstream.probes.filter(({ level }) => level === 'inference').map(({ atMs }) => atMs),
    checkedAt: () => upstream.probes.map(({ atMs }) => atMs),
  };
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((at, i) => at - times[i]!);
}

describe('a pod that never saw the store and does not know how many share the work', () => {
  it('pays at its start, then after 2, 4, 8, 16 and 32 intervals, and connects in between', async () => {
    const { pass, paidAt, checkedAt } = pod({ hung: true, expectedPods: null });
    await pass(70 * INTERVAL_MS, 50);
    const intervals = gapsOf(paidAt()).map((ms) => Math.round(ms / INTERVAL_MS));
    expect(intervals).toEqual([2, 4, 8, 16, 32]);
    expect(checkedAt().length).toBeGreaterThanOrEqual(68);
    expect(checkedAt().length).toBeLessThanOrEqual(72);
  });

  it.each([HOURS_MS, -HOURS_MS])('pays no more where its own clock is stepped by %d ms', async (ms) => {
    const { pass, clock, paidAt } = pod({ hung: true, expectedPods: null });
    await pass(5 * INTERVAL_MS, 50);
    clock.stepWall(ms);
    await pass(26 * INTERVAL_MS, 50);
    expect(gapsOf(paidAt()).map((gap) => Math.round(gap / INTERVAL_MS))).toEqual([2, 4, 8, 16]);
  });
});

describe('a pod that lost the store', () => {
  it.each([
    ['ahead', HOURS_MS],
    ['back', -HOURS_MS],
  ])(
    "pays once per interval after the store's clock was set %s by hours (23,061 probes of one target in 161 s)",
    async (_, ms) => {
      const { pass, stepStoreClock, hanging, paidAt, clock } = pod({ hung: false });
      await pass(3 * INTERVAL_MS, 50);
      stepStoreClock(ms);
      await pass(2 * INTERVAL_MS, 50);
      const fromMs = clock.monotonicMs();
      hanging.hung = true;
      await pass(20 * INTERVAL_MS, 50);
      const times = paidAt().filter((at) => at >= fromMs);
      expect(times.length).toBeGreaterThanOrEqual(18);
      expect(times.length).toBeLessThanOrEqual(21);
      for (const gap of gapsOf(times)) expect(gap).toBeGreaterThanOrEqual(INTERVAL_MS / 2);
    },
  );

  it.each([
    ['ahead', HOURS_MS],
    ['back', -HOURS_MS],
  ])("looks no more often where the store's clock is found set %s as the store comes and goes", async (_, ms) => {
    const { pass, stepStoreClock, hanging, paidAt, clock } = pod({ hung: false });
    await pass(3 * INTERVAL_MS, 50);
    const fromMs = clock.monotonicMs();
    for (let round = 0; round < 4; round += 1) {
      hanging.hung = true;
      await pass(4 * INTERVAL_MS, 50);
      stepStoreClock(ms);
      hanging.hung = false;
      await pass(1_000, 50);
    }
    const times = paidAt().filter((at) => at >= fromMs);
    expect(times.length).toBeGreaterThanOrEqual(12);
    expect(times.length).toBeLessThanOrEqual(24);
  });

  it('pays once per interval for a target that keeps failing, and for its confirmations', async () => {
    const { pass, hanging, upstream, paidAt, clock } = pod({ hung: false });
    await pass(3 * INTERVAL_MS, 50);
    hanging.hung = true;
    await pass(INTERVAL_MS, 50);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    const fromMs = clock.monotonicMs();
    await pass(20 * INTERVAL_MS, 50);
    const times = paidAt().filter((at) => at >= fromMs);
    expect(times.length).toBeGreaterThanOrEqual(19);
    expect(times.length).toBeLessThanOrEqual(23);
  });
});

describe('a plan without the store', () => {
  const now = 1_800_000_000_000_000;
  const hour = 3_600_000_000;

  /** A target whose evidence makes it due at `dueAt`, as evidence of a clock that was set back does. */
  function planWith(
    dueAt: number,
    looks: Pick<FallbackProbes, 'checkedAt' | 'probedAt'>,
    level: 'inference' | 'connect',
    at = now,
  ) {
    const parts = {
      beliefs: { evidence: () => undefined, next: () => ({ everyMs: INTERVAL_MS, dueAt, reason: 'scheduled' }) },
      membership: { members: [], otherAbleIds: () => [], known: true },
      budgets: { overFallbackShare: () => undefined },
      now: () => at,
    } as unknown as PlannerParts;
    const paid = { paidProbes: 1, paidAt: looks.probedAt };
    return planFallback(testWorld().options(), parts, { ...target, level }, { ...looks, ...paid });
  }

  it('keeps the slot of this pod although an unbilled check came just before it (a target without a probe for two intervals)', () => {
    // Its grid points are 5 s, 15 s … after `now`.
    const at = now + 4_000_000;
    const looks = { checkedAt: at - 1, probedAt: at - INTERVAL_MS * 1000 };
    expect(planWith(at, looks, 'inference', at)).toMatchObject({ act: 'fallback-probe', at: now + 5_000_000 });
  });

  it.each([-3 * hour, -hour, -60_000_000, -1, 0, 5_000_000])(
    'looks at no target within half an interval of the last look, due %d µs from now or not',
    (us) => {
      for (const agoUs of [0, 1_000_000, 4_900_000]) {
        for (const level of ['inference', 'connect'] as const) {
          const { at } = planWith(now + us, { checkedAt: now - agoUs, probedAt: now - agoUs }, level);
          expect(at).toBeGreaterThanOrEqual(now - agoUs + (INTERVAL_MS * 1000) / 2);
          expect(at).toBeLessThanOrEqual(now + 2 * INTERVAL_MS * 1000);
        }
      }
    },
  );

  it('connects no more than once an edge interval while a recovery has to be confirmed (a connection every 7 ms)', async () => {
    const { clock, memory, options, pass } = testWorld();
    const upstream = testUpstream(clock);
    const hanging = hangingStore(clock, memory.open());
    const paid = fleetTarget({ paid: { worstNanoUsd: 100, instead: 'models' } });
    const policy = { ...defaultPolicy, rise: 3 };
    createFleet(options({ store: hanging.store, prober: upstream, targets: [paid], policy, expectedPods: 5 })).start();
    await pass(30_000, 50);
    hanging.hung = true;
    await pass(20_000, 50);
    upstream.failure = { class: 'network', message: 'connect ECONNREFUSED', phase: 'connect' };
    await pass(120_000, 50);
    upstream.failure = undefined;
    const before = upstream.probes.length;
    await pass(60_000, 50);
    expect(upstream.probes.length - before).toBeLessThanOrEqual(25);
  });
});
