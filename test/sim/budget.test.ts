import { describe, expect, it } from 'vitest';
import { endFaults } from './faults/index.ts';
import { scheduleFaults } from './scenario.ts';
import { World } from './world.ts';
import type { PlantedBug } from './world.ts';

const PODS = 5;
/** The world starts at a full hour of the store's clock, so that one run lies within one budget window. */
const RUN_MS = 600_000;

/** Runs ten minutes of faults under a budget; returns how often each check applied. */
async function underBudget(seed: number, probesPerHour: number, planted?: PlantedBug): Promise<Map<string, number>> {
  const budget = { probesPerHour };
  const world = new World({ seed, pods: PODS, targets: 12, budget, ...(planted && { planted }) });
  for (let i = 0; i < PODS; i += 1) {
    world.time.schedule(world.random.between(0, 3_000), () => void world.startPod(world.deploys[0]));
  }
  scheduleFaults(world, PODS);
  await world.run(RUN_MS);
  endFaults(world);
  await world.run(RUN_MS + 60_000);
  return world.checked;
}

describe('the budget of a fleet', () => {
  it('is kept through crashes, hangs, losses and deploys, for each seed', { timeout: 120_000 }, async () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= 24; seed += 1) {
      const checked = await underBudget(seed, [4, 20, 80][seed % 3] ?? 4);
      for (const [name, times] of checked) seen.set(name, (seen.get(name) ?? 0) + times);
    }
    expect(seen.get('5: a paid probe is within the budget')).toBeGreaterThan(200);
    expect(seen.get('5: a paid probe is within the share')).toBeGreaterThan(10);
  });

  it(
    'is exceeded, and the check fails, if the store ignores every second reservation',
    { timeout: 60_000 },
    async () => {
      let claims = 0;
      const forgetful: PlantedBug = (inner) => ({
        ...inner,
        claim: (input) => {
          claims += 1;
          const { budget: _, ...unbound } = input;
          return inner.claim(claims % 2 === 0 ? unbound : input);
        },
      });
      await expect(underBudget(1, 20, forgetful)).rejects.toThrow('invariant 5');
    },
  );
});
