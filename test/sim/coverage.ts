import { lastingCheckKinds, lastingKinds } from './lasting/plan.ts';
import { faultKinds } from './faults/index.ts';
import { orderKinds } from './operators.ts';
import type { SeedResult } from './seed-run.ts';

/** From this number of seeds on, each fault and check must have occurred. */
const ENOUGH_SEEDS = 200;

/** Checks that a run of many seeds must contain, each with its invariant. */
export const checkKinds = [
  '1: one grant for a due time',
  '1: a probe under a live lease',
  '2: a record follows from the one before',
  '2: a late script changes nothing',
  '3: an age is not too small',
  '4: a pod shows what the store holds',
  '6: a group has a routable target',
  '9: a stopped pod holds no lease',
  '9: the targets of a crashed pod are taken over',
  '10: a target that never failed is available',
  '10: a target that a proxy answers for is available',
  'holds: a pod shows what was decided',
  'holds: a pod that has a pause does not probe',
  'holds: a paused fleet is granted nothing',
  'holds: a target is probed again after a pause',
  'every target is probed in time',
  'the command rate is bounded',
  'end: states match the upstreams',
] as const;

/** The faults and checks of a run of seeds. */
export interface Coverage {
  readonly seeds: number;
  readonly failures: readonly SeedResult[];
  add(result: SeedResult): void;
  /** Fault kinds and checks that never occurred; empty if the run is too short to tell. */
  missing(): string[];
  table(): string;
}

export function coverage(faults: 'passing' | 'lasting' = 'passing'): Coverage {
  const kinds = faults === 'lasting' ? lastingKinds : [...faultKinds, ...orderKinds];
  const checks = faults === 'lasting' ? lastingCheckKinds : checkKinds;
  const totals = new Map<string, { times: number; seeds: number }>();
  const failures: SeedResult[] = [];
  let seeds = 0;
  let virtualMs = 0;
  const row = (name: string): string => {
    const { times, seeds: inSeeds } = totals.get(name) ?? { times: 0, seeds: 0 };
    return `${name.padEnd(48)} ${String(times).padStart(12)} ${String(inSeeds).padStart(8)}`;
  };
  return {
    get seeds() {
      return seeds;
    },
    failures,
    add(result) {
      seeds += 1;
      virtualMs += result.virtualMs;
      if (result.violation !== null) failures.push(result);
      for (const [name, times] of [...result.occurred, ...result.checked]) {
        const total = totals.get(name) ?? { times: 0, seeds: 0 };
        totals.set(name, { times: total.times + times, seeds: total.seeds + 1 });
      }
    },
    missing() {
      return seeds < ENOUGH_SEEDS ? [] : [...kinds, ...checks].filter((name) => !totals.has(name));
    },
    table() {
      const head = `${'fault'.padEnd(48)} ${'times'.padStart(12)} ${'seeds'.padStart(8)}`;
      const hours = (virtualMs / 3_600_000).toFixed(1);
      return [
        head,
        ...kinds.map(row),
        '',
        head.replace('fault', 'check'),
        ...checks.map(row),
        '',
        `${seeds} seeds, ${hours} virtual hours, ${failures.length} failed`,
      ].join('\n');
    },
  };
}
