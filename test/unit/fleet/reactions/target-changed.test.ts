import { expect, it } from 'vitest';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';

it("a check on demand ends when another pod's result arrives, not at the next look for it", async () => {
  const { clock, memory, options, pass } = testWorld();
  const target = fleetTarget({ background: false });
  const prober = testUpstream(clock);
  const pods = ['pod_a', 'pod_b'].map((pod) =>
    createFleet(options({ pod, store: memory.open(), targets: [target], prober })),
  );
  for (const fleet of pods) fleet.start();
  await pass(5_000, 50);
  const ended: string[] = [];
  const check = (index: number): void => {
    void pods[index]?.check([target.id], new AbortController().signal).then(() => ended.push(`pod ${index}`));
  };
  check(0);
  await pass(20, 1);
  check(1);
  await pass(100, 1);
  expect(ended).toEqual(['pod 0', 'pod 1']);
  expect(prober.probes).toHaveLength(1);
});
