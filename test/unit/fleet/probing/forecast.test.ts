import { describe, expect, it } from 'vitest';
import { ablePod, fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';
import { byRank, rankOf } from '../../../../src/fleet/membership/rank.ts';

const target = fleetTarget({});

function world() {
  const base = testWorld();
  const upstream = testUpstream(base.clock);
  const pod = (name: string, changes: Partial<FleetOptions> = {}): Fleet => {
    const fleet = createFleet(base.options({ pod: name, prober: upstream, targets: [target], ...changes }));
    fleet.start();
    return fleet;
  };
  return { ...base, upstream, pod };
}

describe('the forecast of a target', () => {
  it('names the pods in the order in which they claim, the same in every pod, and the first of them probes', async () => {
    const { pass, pod } = world();
    const fleets = ['pod_a', 'pod_b', 'pod_c'].map((name) => pod(name));
    await pass(target.intervalMs, 50);
    const forecasts = fleets.map((fleet) => fleet.forecast(target.id));
    const expected = forecasts[0]?.pods ?? [];
    expect(expected.toSorted()).toEqual(['pod_a', 'pod_b', 'pod_c']);
    const same = { reason: 'scheduled', pods: expected, hasSecondWitness: true };
    expect(forecasts).toMatchObject([same, same, same]);
    const before = fleets[0]?.target(target.id)?.facts?.last.at;
    await pass(target.intervalMs, 50);
    const after = fleets[0]?.target(target.id)?.facts?.last;
    expect(after?.at).not.toBe(before);
    expect(after?.pod).toBe(expected[0]);
  });

  it('lets those go first who have not seen the failure, and has no time for what is off the schedule', async () => {
    const targets = [{ ...target, background: false }];
    for (const witness of ['pod_a', 'pod_b']) {
      const { upstream, pass, pod } = world();
      const fleets = ['pod_a', 'pod_b'].map((name) => pod(name, { targets }));
      // oxlint-disable-next-line no-await-in-loop -- one case after the other
      await pass(15_000, 50);
      upstream.failure = { class: 'server', message: 'HTTP 500' };
      const asked = fleets[witness === 'pod_a' ? 0 : 1];
      void asked?.check([target.id], new AbortController().signal);
      // oxlint-disable-next-line no-await-in-loop -- see above
      await pass(2_000);
      expect(fleets[0]?.target(target.id)?.facts?.failureRun?.witnesses).toMatchObject([{ pod: witness }]);
      const other = witness === 'pod_a' ? 'pod_b' : 'pod_a';
      for (const fleet of fleets) {
        expect(fleet.forecast(target.id)).toMatchObject({ reason: 'confirmation', at: null, pods: [other, witness] });
      }
    }
  });

  it('is undefined for a target that is not configured', () => {
    expect(world().pod('pod_a').forecast('nobody')).toBeUndefined();
  });
});

it('pods by rank are in the order of their ranks', () => {
  const pods = ['p1', 'p2', 'p3', 'p4', 'p5'].map((pod) => ablePod(pod));
  const turn = { target: 't', slot: 4 };
  expect(byRank(turn, pods).map((pod) => rankOf(turn, pod, pods))).toEqual([0, 1, 2, 3, 4]);
});
