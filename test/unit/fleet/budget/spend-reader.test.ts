import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { DAY_US } from '../../../../src/ports/index.ts';
import type { MoneyView, Prober } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const INTERVAL_MS = 60_000;
const DAY_MS = DAY_US / 1000;
const COST = 4_800;
const target = fleetTarget({ intervalMs: INTERVAL_MS, paid: { worstNanoUsd: 10_000, instead: 'models' } });

/** One pod that pays the same for every probe, with a store that can hang. */
function pod() {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const prober: Prober = {
    probe: async (...asked) => ({ ...(await upstream.probe(...asked)), costUsd: COST / 1e9 }),
  };
  const hanging = hangingStore(world.clock, world.memory.open());
  const budget = { nanoUsdPerDay: 1_000_000_000 };
  const fleet = createFleet(world.options({ pod: 'pod_a', store: hanging.store, prober, targets: [target], budget }));
  fleet.start();
  const paid = (): number => upstream.probes.filter(({ level }) => level === 'inference').length;
  /** As somebody sees it who looks twice: the first look has the store read. */
  const money = async (): Promise<MoneyView> => {
    await world.pass(6_000, 500);
    fleet.money();
    await world.pass(500);
    return fleet.money();
  };
  const leftOfDayMs = (): number => DAY_MS - (world.clock.wallMs() % DAY_MS);
  return { ...world, hanging, paid, money, leftOfDayMs };
}

describe('the accounts of a fleet', () => {
  it("start again at midnight UTC by the store's clock, and keep the day before", async () => {
    const { pass, money, paid, leftOfDayMs } = pod();
    await pass(3 * INTERVAL_MS, 500);
    await pass(leftOfDayMs() - 10_000, 30_000);
    const before = await money();
    const today = Math.floor((before.asOf ?? 0) / DAY_US);
    expect(before.days).toMatchObject([{ day: today, probes: paid(), spent: paid() * COST }]);
    expect(before.use).toMatchObject({ day: today, nanoUsd: paid() * COST });
    const [ofToday] = before.days;

    const made = paid();
    await pass(leftOfDayMs() + 2 * INTERVAL_MS, 500);
    const after = await money();
    expect(after.days).toMatchObject([
      { day: today + 1, probes: paid() - made, spent: (paid() - made) * COST },
      ofToday,
    ]);
    expect(after.targets[0]?.days).toEqual(after.days);
    expect(after.use).toMatchObject({ day: today + 1, nanoUsd: (paid() - made) * COST });
  });

  it('have the time of the last read while the store hangs', async () => {
    const { pass, money, hanging, leftOfDayMs } = pod();
    await pass(leftOfDayMs() - 120_000, 30_000);
    const before = await money();
    hanging.hung = true;
    await pass(leftOfDayMs() + INTERVAL_MS, 500);
    const after = await money();
    expect(after).toEqual(before);
    expect(Math.floor((after.asOf ?? 0) / DAY_US)).toBe(before.days[0]?.day);
  });
});
