import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runInWorkers } from './run-in-workers.ts';
import type { SeedInput } from './seed-run.ts';

const count = Number(process.env['SIM_SEEDS'] ?? '60');

describe('the coordinator under virtual time and random faults', () => {
  it(`keeps every invariant in ${count} worlds of ten minutes (SIM_SEEDS)`, async () => {
    const inputs = Array.from({ length: count }, (_, i): SeedInput => ({ seed: i + 1, pods: 5, targets: 20 }));
    const failures: string[] = [];
    let played = 0;
    await runInWorkers(inputs, availableParallelism(), {
      signal: new AbortController().signal,
      done: ({ seed, violation }) => {
        played += 1;
        if (violation !== null) failures.push(`npm run sim -- --seed ${seed} --verbose: ${violation}`);
      },
    });
    expect(failures).toEqual([]);
    expect(played).toBe(count);
  }, 600_000);
});
