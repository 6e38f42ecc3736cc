import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { Observation, ProbeAdaptation } from '../../../../src/health/index.ts';
import { Runner } from '../../../../src/fleet/probing/runner.ts';
import { createStoreClock } from '../../../../src/fleet/store/store-clock.ts';

function running(
  limits: { readonly maxProbes: number; readonly maxProbesPerHost: number },
  adaptation?: ProbeAdaptation,
) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const seen: Observation[] = [];
  const runner = new Runner(world.options({ prober: upstream, ...limits }), createStoreClock(world.clock), {
    answered: (_, probe) => seen.push(probe),
    inconclusive: () => undefined,
    slotFreed: () => undefined,
    adaptation: () => adaptation,
  });
  return { ...world, upstream, seen, runner };
}

const onHost = (id: string, upstreamHost: string) => fleetTarget({ id, upstreamHost });

describe('the probes of a pod', () => {
  it('respect the limit per host even if slots are free in total', () => {
    const { runner } = running({ maxProbes: 10, maxProbesPerHost: 2 });
    const [first, second, third] = ['a', 'b', 'c'].map((id) => onHost(id, 'one.test'));
    expect([first, second, third].map((target) => runner.takeSlot(target!))).toEqual([true, true, false]);
    expect(runner.takeSlot(onHost('d', 'other.test'))).toBe(true);
    runner.releaseSlot(first!);
    expect(runner.takeSlot(third!)).toBe(true);
  });

  it('respect the total limit, and run once per target', () => {
    const { runner } = running({ maxProbes: 2, maxProbesPerHost: 2 });
    const first = onHost('a', 'one.test');
    expect(
      [first, first, onHost('b', 'two.test'), onHost('c', 'three.test')].map((one) => runner.takeSlot(one)),
    ).toEqual([true, false, true, false]);
  });

  it('begin with what the upstream made an earlier probe change, and say with what change their result was found', async () => {
    const adaptation = { parameter: 'max_tokens', renamedTo: 'max_completion_tokens', bodyHash: 'h' };
    const { runner, upstream, seen, pass } = running({ maxProbes: 1, maxProbesPerHost: 1 }, adaptation);
    upstream.probe = async (_target, level, _signal, given) =>
      await Promise.resolve({ outcome: { kind: 'ok' }, level, latencyMs: 1, ...(given && { adapted: given }) });
    void runner.run({ target: fleetTarget(), reason: 'scheduled', level: 'inference' });
    await pass(10);
    expect(seen).toMatchObject([{ ok: true, adapted: adaptation }]);
  });

  it('date their evidence by the grant, not by the answer', async () => {
    const { runner, upstream, seen, storeNow, pass } = running({ maxProbes: 1, maxProbesPerHost: 1 });
    upstream.tookMs = 3_000;
    const grant = storeNow() - 500_000;
    void runner.run({ target: fleetTarget(), reason: 'scheduled', level: 'inference', grant });
    await pass(3_000);
    expect(seen).toMatchObject([{ at: grant }]);
    expect(seen[0]!.answeredAt).toBeGreaterThanOrEqual(grant + 3_500_000);
  });

  it('date their evidence by their start where the grant is ahead of a clock that was set back', async () => {
    const { runner, upstream, seen, storeNow, pass } = running({ maxProbes: 1, maxProbesPerHost: 1 });
    upstream.tookMs = 3_000;
    const startedAt = storeNow();
    void runner.run({
      target: fleetTarget(),
      reason: 'scheduled',
      level: 'inference',
      grant: startedAt + 3_600_000_000,
    });
    await pass(3_000);
    expect(seen[0]!.at).toBeLessThanOrEqual(startedAt);
    expect(seen[0]!.at).toBeGreaterThan(startedAt - 10_000);
  });

  it('date their evidence by their start where there is no lease', async () => {
    const { runner, upstream, seen, storeNow, pass } = running({ maxProbes: 1, maxProbesPerHost: 1 });
    upstream.tookMs = 3_000;
    const startedAt = storeNow();
    void runner.run({ target: fleetTarget(), reason: 'scheduled', level: 'inference' });
    await pass(3_000);
    expect(seen[0]!.at).toBeLessThanOrEqual(startedAt);
    expect(seen[0]!.at).toBeGreaterThan(startedAt - 10_000);
  });
});
