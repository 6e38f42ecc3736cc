import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allJudged, allMet, fleetFor, modelNames, mostAtOnce, startsOf } from './harness/index.ts';

// No second probe is due while these tests run, so every probe beyond the first of a target is one too many.
const LONG_S = 120;
describe.concurrent('pods that start', () => {
  it('a boot storm of eight pods probes each target once', async (test) => {
    const models = modelNames(10);
    const fleet = await fleetFor(test, { pods: 0, models, interval: LONG_S });
    // Slow enough for every pod to come up while the first probes run.
    fleet.upstream.set('*', { kind: 'slow', ms: 3_000 });
    await Promise.all(Array.from({ length: 8 }, () => fleet.addPod()));
    await allMet(fleet, 8);
    await allJudged(fleet);
    for (const model of models) expect(startsOf(fleet.upstream, model), model).toHaveLength(1);
  });

  it('fault: owner identity collides: pods started in one moment, from one file, have ids of their own', async (test) => {
    const fleet = await fleetFor(test, { pods: 4, models: ['m'], interval: LONG_S });
    await allMet(fleet, 4);
    expect(new Set(fleet.pods.map(({ id }) => id)).size).toBe(4);
    const members = (await fleet.pod(0).fleet()).pods.map(({ pod }) => pod);
    expect(members.toSorted()).toEqual(fleet.pods.map(({ id }) => id).toSorted());
  });

  it('a rolling restart probes nothing that was judged before', async (test) => {
    const models = modelNames(10);
    const fleet = await fleetFor(test, { pods: 3, models, interval: LONG_S });
    await allJudged(fleet);
    for (const old of fleet.pods.slice()) {
      const fresh = await fleet.addPod();
      await allJudged(fleet, [fresh]);
      expect(await old.stop()).toEqual({ code: 0, signal: null });
    }
    for (const model of models) expect(startsOf(fleet.upstream, model), model).toHaveLength(1);
  });

  it('fault: probing 100 models at once overloads pod and provider: a pod keeps to its bound', async (test) => {
    const models = modelNames(100);
    const fleet = await fleetFor(test, {
      pods: 0,
      models,
      interval: LONG_S,
      settings: { health_check_concurrency: 4 },
    });
    fleet.upstream.set('*', { kind: 'slow', ms: 100 });
    const pods = await Promise.all([fleet.addPod(), fleet.addPod()]);
    const everywhere = async (): Promise<boolean> => {
      const bodies = await Promise.all(pods.map((pod) => pod.health()));
      return bodies.every(({ healthy_count: healthy }) => healthy === 100);
    };
    await until(everywhere, { withinMs: 20_000, what: 'a hundred healthy models', everyMs: 100 });
    expect(mostAtOnce(fleet.upstream, models)).toBeLessThanOrEqual(4 * pods.length);
    for (const model of models) expect(startsOf(fleet.upstream, model), model).toHaveLength(1);
  });

  it('fault: probing 100 models at once overloads pod and provider: there is a bound where none is set', async (test) => {
    const models = modelNames(100);
    const fleet = await fleetFor(test, { pods: 0, models, interval: LONG_S });
    fleet.upstream.set('*', { kind: 'slow', ms: 200 });
    await allJudged(fleet, [await fleet.addPod()]);
    expect(mostAtOnce(fleet.upstream, models)).toBeLessThanOrEqual(16);
    for (const model of models) expect(startsOf(fleet.upstream, model), model).toHaveLength(1);
  });
});
