import { describe, expect, it } from 'vitest';
import { fleetTarget, testWorld } from '../../../support/fleet-parts.ts';
import type { ProbeAdaptation } from '../../../../src/health/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const id = '00000000aaaa';
const adaptation = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: 'h' };

describe('what the upstream made a probe change', () => {
  it('is what a pod that starts later begins with', async () => {
    const world = testWorld();
    const given: [pod: string, ProbeAdaptation | undefined][] = [];
    const pod = (name: string) => {
      const prober: FleetOptions['prober'] = {
        probe: async (_target, level, _signal, known) => {
          given.push([name, known]);
          return await Promise.resolve({ outcome: { kind: 'ok' }, level, latencyMs: 1, adapted: adaptation });
        },
      };
      const targets = [fleetTarget({ id })];
      const fleet = createFleet(world.options({ pod: name, targets, store: world.memory.open(), prober }));
      fleet.start();
      return fleet;
    };
    const first = pod('pod_first');
    await world.pass(5_000, 50);
    await first.stop();
    const second = pod('pod_second');
    await world.pass(30_000, 50);
    expect(given[0]).toEqual(['pod_first', undefined]);
    expect(given.find(([name]) => name === 'pod_second')).toEqual(['pod_second', adaptation]);
    expect(second.target(id)?.facts?.adapted).toEqual(adaptation);
  });
});
