import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { Prober } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions, FleetTarget } from '../../../../src/fleet/options.ts';

const target = fleetTarget();
const broken = { class: 'server', status: 500, message: 'boom' } as const;
const blind: Prober = {
  probe: (_, level) =>
    Promise.resolve({ outcome: { kind: 'no-evidence', why: 'out of sockets' }, level, latencyMs: 0 }),
};

/** A pod that sees its target break, beside a pod that cannot see that. */
async function besides(peer: Partial<FleetTarget> | undefined, changes: Partial<FleetOptions> = {}) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const shared = { ...target, ...peer };
  const start = (options: Partial<FleetOptions>) => {
    const fleet = createFleet(world.options({ store: world.memory.open(), ...options }));
    fleet.start();
    return fleet;
  };
  const witness = start({ pod: 'pod_witness', prober: upstream, targets: [target] });
  const targetsHash = peer === undefined || Object.keys(peer).length === 0 ? 'targets' : 'other-targets';
  const other = peer && start({ pod: 'pod_other', prober: upstream, targets: [shared], targetsHash, ...changes });
  await world.pass(30_000, 50);
  upstream.failure = broken;
  await world.pass(120_000, 50);
  return { witness: witness.target(target.id), other: other?.target(target.id) };
}

describe('a failure that one pod alone saw, and no other could confirm', () => {
  it.each([
    ['gets no probe results', {}, { prober: blind }],
    ['probes only on demand', { background: false }, {}],
    ['probes at level models only', { level: 'models' as const }, { prober: testModels() }],
  ])(
    'is down and unconfirmed in both pods, which name the other one as it %s (a plain down in the witness)',
    async (reason, peer, changes) => {
      const seen = await besides(peer, changes);
      for (const view of [seen.witness, seen.other]) {
        expect(view).toMatchObject({ state: 'down', flags: ['unconfirmed'] });
        expect(view?.why).toMatch(
          /^unconfirmed, no other pod probed it \(pod_other .*\): \d+ server errors \(HTTP 500\), seen by one pod: boom$/,
        );
        expect(view?.why).toContain(`pod_other ${reason}`);
      }
    },
  );

  it('is plainly down where no other pod has the target: nothing is missing', async () => {
    const { witness } = await besides(undefined);
    expect(witness).toMatchObject({ state: 'down', flags: [] });
    expect(witness?.why).toMatch(/^\d+ server errors? /);
  });
});

/** The list of models is served all the time. */
function testModels(): Prober {
  return { probe: (_, level) => Promise.resolve({ outcome: { kind: 'ok' }, level, latencyMs: 1 }) };
}
