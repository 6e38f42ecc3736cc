import { expect, it } from 'vitest';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { KeptState } from '../../../../src/ports/index.ts';
import { fleetTarget, testWorld } from '../../../support/fleet-parts.ts';

it('a pod that joins is counted in the state file at once, although no probe and no budget has changed', async () => {
  const { options, pass } = testWorld();
  const kept: KeptState[] = [];
  const state = {
    read: () => null,
    write: async (next: KeptState) => (kept.push(next), await Promise.resolve('kept' as const)),
  };
  const targets = [fleetTarget({ background: false })];
  createFleet(options({ targets, state })).start();
  await pass(30_000, 50);
  const before = kept.length;
  expect(kept.at(-1)?.pods).toBe(1);
  createFleet(options({ pod: 'pod_b', targets })).start();
  await pass(10_000, 50);
  expect(kept.slice(before).map(({ pods }) => pods)).toEqual([2]);
});
