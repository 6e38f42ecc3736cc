import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runInWorkers } from './run-in-workers.ts';
import { lastingWorld } from './lasting/lasting-world.ts';
import { namedPlans } from './lasting/named-plans.ts';
import { playLasting } from './lasting/play.ts';
import type { SeedInput } from './seed-run.ts';

/** Random worlds of lasting faults run here only with `SIM_LASTING_SEEDS=200`. */
const count = Number(process.env['SIM_LASTING_SEEDS'] ?? '0');

describe('a fleet with lasting faults', () => {
  it.each(namedPlans)('$name', async ({ plan }) => {
    for (const seed of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop -- one world after another
      await expect(playLasting(lastingWorld(plan, { seed }))).resolves.toBeUndefined();
    }
  });

  it.runIf(count > 0)(
    `keeps every invariant in ${count} worlds (SIM_LASTING_SEEDS)`,
    { timeout: 1_200_000 },
    async () => {
      const inputs = Array.from({ length: count }, (_, i): SeedInput => ({
        seed: i + 1,
        pods: 5,
        targets: 20,
        faults: 'lasting',
      }));
      const failures: string[] = [];
      await runInWorkers(inputs, availableParallelism(), {
        signal: new AbortController().signal,
        done: ({ seed, violation }) => {
          if (violation === null) return;
          failures.push(`npm run sim -- --lasting-faults --seed ${seed} --verbose: ${violation}`);
        },
      });
      expect(failures).toEqual([]);
    },
  );
});
