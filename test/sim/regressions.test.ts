import { describe, expect, it } from 'vitest';
import { playSeed } from './seed-run.ts';

// Worlds in which a defect of the coordinator was found. Each fails again when its fix is reverted. Those of the first
// list were found before operators were simulated, whose actions would change these worlds.
type Kept = readonly [seed: number, fault: string];

const keptWithoutOperators: readonly Kept[] = [
  [3, "a first heartbeat dated by the pod's own clock ran long after the pod gave up on it"],
  [191, 'a pod with an outdated lease of its own claimed again at once while another pod held the lease'],
  [1453, 'the only witness of a failure, with the shorter interval, used all grants that the guard allows'],
  [1904, "an old failure was offered as newer than the fleet's evidence after the clock stepped ahead"],
];
const kept: readonly Kept[] = [[87, 'a pause that expired because the clock stepped ahead still stopped probing']];

describe('a world that once broke an invariant', () => {
  it.each(keptWithoutOperators)('keeps every invariant: seed %i, %s', async (seed) => {
    expect((await playSeed({ seed, pods: 5, targets: 20, operators: 'none' })).violation).toBeNull();
  });

  it.each(kept)('keeps every invariant while operators decide: seed %i, %s', async (seed) => {
    expect((await playSeed({ seed, pods: 5, targets: 20 })).violation).toBeNull();
  });
});
