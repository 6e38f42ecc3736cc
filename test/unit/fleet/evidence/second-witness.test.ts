import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const id = '00000000aaaa';

/** A rolling deploy that gets no further: one pod probes every 30 s, two every 60 s and cannot look for now. */
async function halfDeployed() {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const eyes = { closed: false };
  const closed: FleetOptions['prober'] = {
    probe: (_, level) =>
      Promise.resolve({ outcome: { kind: 'no-evidence', why: 'out of sockets' }, level, latencyMs: 0 }),
  };
  const blinking: FleetOptions['prober'] = {
    probe: async (...probe) => await (eyes.closed ? closed : upstream).probe(...probe),
  };
  const pod = (name: string, intervalMs: number, prober: FleetOptions['prober']) => {
    const targets = [fleetTarget({ id, intervalMs })];
    const fleet = createFleet(world.options({ pod: name, targets, store: world.memory.open(), prober }));
    fleet.start();
    return fleet;
  };
  const fleets = [pod('pod_fast', 30_000, upstream), pod('pod_b', 60_000, blinking), pod('pod_c', 60_000, blinking)];
  await world.pass(45_000, 50);
  return { ...world, upstream, fleets, eyes };
}

describe('a failure that only one pod has seen', () => {
  it('leaves room for a witness with a longer interval (the first one takes all that the guard grants, for ever)', async () => {
    const { upstream, fleets, eyes, pass } = await halfDeployed();
    eyes.closed = true;
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    await pass(40_000, 50);
    eyes.closed = false;
    await pass(240_000, 50);
    expect(fleets.map((fleet) => fleet.target(id)?.state)).toEqual(['down', 'down', 'down']);
  });
});
