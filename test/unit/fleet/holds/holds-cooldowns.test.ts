import { describe, expect, it } from 'vitest';
import type { FleetChange } from '../../../../src/ports/index.ts';
import { holdingWorld, INTERVAL_MS, order, target } from '../../../support/holding.ts';

const observe = order({ on: 'cooldowns', kind: 'cooldowns-observe' });

describe('a restriction of LiteLLM cooldowns', () => {
  it('counts in every pod within a second, and each pod logs it once', async () => {
    const { pass, pod, lines } = holdingWorld();
    const fleets = ['pod_a', 'pod_b', 'pod_c'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    const heard: FleetChange['kind'][] = [];
    fleets[2]!.onChange(({ kind }) => void heard.push(kind));
    await fleets[0]!.decide(observe);
    await pass(1_000);
    for (const fleet of fleets) {
      expect(fleet.status().cooldownRestriction).toMatchObject({ kind: 'cooldowns-observe', by: 'ops' });
    }
    expect(heard).toContain('cooldowns-changed');
    expect(
      lines(
        /^LiteLLM cooldowns are only observed in all pods, by ops, until an operator ends it: maintenance. To end it: allswell bridge cooldowns on$/,
      ),
    ).toHaveLength(3);
  });

  it('holds no target and pauses no probe', async () => {
    const { pass, pod } = holdingWorld();
    const fleet = pod('pod_a');
    await pass(INTERVAL_MS);
    await fleet.decide(observe);
    await pass(1_000);
    expect(fleet.target(target.id)).toMatchObject({ hold: null, effective: 'up' });
    expect(fleet.status().pause).toBeNull();
  });

  it('ends by itself at its end, and says so', async () => {
    const { pass, pod, storeNow, lines } = holdingWorld();
    const fleets = ['pod_a', 'pod_b'].map((name) => pod(name));
    await pass(INTERVAL_MS);
    await fleets[0]!.decide({ ...observe, until: storeNow() + 30_000_000 });
    await pass(29_000, 50);
    expect(fleets[1]!.status().cooldownRestriction).not.toBeNull();
    await pass(2_000, 50);
    expect(fleets.map((fleet) => fleet.status().cooldownRestriction)).toEqual([null, null]);
    expect(lines(/^LiteLLM cooldowns follow the configuration again: restriction expired$/)).toHaveLength(2);
  });

  it('is known to a pod that starts later, and is ended by an operator', async () => {
    const { pass, pod, lines } = holdingWorld();
    const first = pod('pod_a');
    await pass(INTERVAL_MS);
    await first.decide(order({ on: 'cooldowns', kind: 'cooldowns-off' }));
    const later = pod('pod_b');
    await pass(INTERVAL_MS);
    expect(later.status().cooldownRestriction).toMatchObject({ kind: 'cooldowns-off' });
    await later.decide(order({ on: 'cooldowns', kind: 'none', reason: 'done' }));
    await pass(1_000);
    expect(first.status().cooldownRestriction).toBeNull();
    expect(lines(/^LiteLLM cooldowns follow the configuration again, by ops: done$/)).toHaveLength(2);
  });

  it('is restored by the pods after the store lost its data', async () => {
    const { pass, pod, memory } = holdingWorld();
    const [first] = [pod('pod_a'), pod('pod_b')];
    await pass(INTERVAL_MS);
    await first.decide(observe);
    await pass(1_000);
    memory.flush();
    await pass(2 * INTERVAL_MS, 50);
    const late = pod('pod_c');
    await pass(INTERVAL_MS);
    expect(late.status().cooldownRestriction).toMatchObject({ kind: 'cooldowns-observe' });
  });
});
