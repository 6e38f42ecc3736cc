import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, storeWith, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { Failure } from '../../../../src/health/index.ts';
import type { CommitInput } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const target = fleetTarget();
const { id, intervalMs } = target;
const refused: Failure = { class: 'network', message: 'connection refused' };

/** Pods that shared a target until the store went away, and each know how the others are named. */
async function withoutStore(count: number) {
  const world = testWorld();
  const pods = Array.from({ length: count }, (_, i) => {
    const upstream = testUpstream(world.clock);
    const inner = world.memory.open();
    const commits: CommitInput[] = [];
    const listed = storeWith(inner, {
      commit: (input) => {
        commits.push(input);
        return inner.commit(input);
      },
    });
    const hanging = hangingStore(world.clock, listed);
    const fleet = createFleet(
      world.options({ pod: `pod_${i}`, store: hanging.store, prober: upstream, targets: [target] }),
    );
    const states: string[] = [];
    fleet.onChange((change) => {
      if (change.kind === 'verdict-changed') states.push(change.to);
    });
    fleet.start();
    return { upstream, hanging, fleet, states, commits };
  });
  await world.pass(30_000, 50);
  for (const { hanging } of pods) hanging.hung = true;
  await world.pass(6_000, 50);
  expect(pods.map(({ fleet }) => fleet.status().mode)).toEqual(pods.map(() => 'fallback'));
  for (const { states, commits } of pods) [states.length, commits.length] = [0, 0];
  const until = async (condition: () => boolean, withinMs: number): Promise<void> => {
    for (let ms = 0; ms < withinMs && !condition(); ms += 10) await world.pass(10);
    expect(condition()).toBe(true);
  };
  return { ...world, pods, first: pods[0]!, until };
}

describe('a pod that has only its own eyes', () => {
  it('suspects after one failed unbilled check, and clears after the next good one (one lost packet takes a target out)', async () => {
    const { first, until, pass } = await withoutStore(10);
    const { upstream, states, fleet } = first;
    upstream.failure = refused;
    const looked = upstream.probes.length;
    await until(() => upstream.probes.length > looked, 2 * intervalMs);
    expect(upstream.probes.at(-1)!.level).toBe('connect');
    upstream.failure = undefined;
    await pass(1_000);
    expect(fleet.target(id)!.state).toBe('suspect');
    await pass(intervalMs, 50);
    expect(states).toEqual(['suspect', 'up']);
    expect(upstream.probes.slice(looked).map(({ level }) => level)).not.toContain('inference');
  });

  it('confirms before a target is down, even as the only pod (one lost packet takes a target out)', async () => {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const fleet = createFleet(world.options({ prober: upstream }));
    const states: string[] = [];
    fleet.onChange((change) => {
      if (change.kind === 'verdict-changed') states.push(change.to);
    });
    fleet.start();
    await world.pass(12_000, 50);
    upstream.failure = refused;
    const known = upstream.probes.length;
    for (let ms = 0; ms < 20_000 && upstream.probes.length === known; ms += 10) await world.pass(10);
    upstream.failure = undefined;
    await world.pass(10_000, 50);
    expect(states.slice(1)).toEqual(['suspect', 'up']);
    upstream.failure = refused;
    await world.pass(20_000, 50);
    expect(states.slice(3)).toEqual(['suspect', 'down']);
  });

  it.each([0, 2_500, 5_000, 7_500])(
    'is over a blip of ten seconds within two intervals, each of ten pods (as many intervals as there are pods), %i ms later',
    async (laterMs) => {
      const { pods, pass } = await withoutStore(10);
      await pass(laterMs, 50);
      for (const { upstream } of pods) upstream.failure = refused;
      await pass(10_000, 50);
      expect(pods.map(({ fleet }) => fleet.target(id)!.state)).not.toContain('up');
      for (const { upstream } of pods) upstream.failure = undefined;
      await pass(2 * intervalMs, 50);
      expect(pods.map(({ fleet }) => fleet.target(id)!.state)).toEqual(pods.map(() => 'up'));
    },
  );

  it('commits its failed paid probe when the store is back, although an unbilled check failed after it (evidence lost behind a look)', async () => {
    const { first, until, pass } = await withoutStore(3);
    const { upstream, commits, hanging, fleet } = first;
    upstream.failure = refused;
    const last = () => fleet.target(id)!.facts!.last;
    await until(() => last().level === 'inference' && !last().ok, 4 * intervalMs);
    await until(() => last().level === 'connect' && !last().ok, 3 * intervalMs);
    hanging.hung = false;
    await until(() => commits.length > 0, 5_000);
    expect(commits[0]!.commits[0]!.facts.last).toMatchObject({ level: 'inference', ok: false, pod: 'pod_0' });
    // The look came later: this pod goes on believing it.
    expect(last()).toMatchObject({ level: 'connect', ok: false });
    expect(fleet.target(id)!.state).not.toBe('up');
    upstream.failure = undefined;
    await pass(intervalMs + 5_000, 50);
    expect(fleet.target(id)!).toMatchObject({ state: 'up', facts: { last: { level: 'inference' } } });
  });
});
