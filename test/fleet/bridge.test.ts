import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import {
  bridges,
  bridgeShape,
  firstPublication,
  litellmResults,
  LOCK,
  poison,
  published,
  RESULTS,
  stopwatch,
  TTL_S,
} from './harness/bridges.ts';
import type { PublishedRow } from './harness/bridges.ts';
import { observe, startsOf } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

// Bridges as processes; the tests read what a LiteLLM pod would read, and write what others might.

describe('a bridge', () => {
  it('publishes what it sees, in the rows of /health, and a failure within moments of its own knowledge', async (test) => {
    const fleet = await bridges(test);
    const first = await firstPublication(fleet);
    expect(first).toMatchObject({ healthy_count: 2, unhealthy_count: 0, checked_by: fleet.pod(0).id });
    const shown = await fleet.pod(0).health();
    const ids = (rows: readonly object[]): unknown[] => rows.map((row) => (row as PublishedRow).model_id).toSorted();
    expect(ids(first.healthy_endpoints)).toEqual(ids(shown.healthy_endpoints));
    expect(ids(first.healthy_endpoints)).toContain('my-id');
    expect(Object.keys(first.healthy_endpoints[0] ?? {})).toEqual(
      Object.keys(shown.healthy_endpoints[0] ?? {}).filter((name) => name !== 'age_seconds'),
    );
    expect(await fleet.store.pttl(RESULTS)).toBeLessThanOrEqual(TTL_S * 1_000);

    fleet.upstream.set('m2', { kind: 'status', status: 500 });
    const down = await until(
      async () => {
        const { unhealthy_count: known } = await fleet.pod(0).health();
        return known === 1 ? Date.now() : undefined;
      },
      { withinMs: 15_000, what: 'the bridge to know' },
    );
    const failed = await until(
      async () => {
        const results = await published(fleet);
        return results?.unhealthy_count === 1 ? results : undefined;
      },
      { withinMs: 2_000, what: 'the failure to be published' },
    );
    expect(Date.now() - down).toBeLessThan(500);
    expect(failed.unhealthy_endpoints[0]).toMatchObject({ model_id: 'my-id', exception_status: 500 });
  });

  it('finds out as soon as LiteLLM alone would that a key was put right, however long it was wrong', async (test) => {
    const fleet = await bridges(test);
    await firstPublication(fleet);
    const failing = async (): Promise<boolean> => (await published(fleet))?.unhealthy_count === 1;
    fleet.upstream.set('m2', { kind: 'status', status: 401 });
    await until(failing, { withinMs: 6_000, what: 'the wrong key to be published' });
    await observe(3 * TTL_S * 1_000);
    const probed = startsOf(fleet.upstream, 'm2').length;
    await until(() => startsOf(fleet.upstream, 'm2').length > probed, {
      withinMs: 10_000,
      what: 'a probe',
    });
    fleet.upstream.set('m2', { kind: 'ok' });
    await until(async () => !(await failing()), {
      withinMs: (TTL_S + 2) * 1_000,
      what: 'the right key to be published',
    });
  });

  it('that finds nothing healthy takes back what it published, and leaves to LiteLLM what it cannot tell', async (test) => {
    const fleet = await bridges(test);
    await firstPublication(fleet);
    for (const model of ['m1', 'm2']) fleet.upstream.set(model, { kind: 'status', status: 500 });
    const gone = async (): Promise<boolean> => (await fleet.store.get(RESULTS)) === null;
    await until(gone, { withinMs: 6_000, what: 'it to take back what it published' });
    expect(await fleet.pod(0).fleet()).toMatchObject({ bridge: { state: 'withheld', published_at: null } });
    const theirs = litellmResults({ healthy_count: 2 });
    await fleet.store.set(RESULTS, theirs);
    await observe(3_000);
    expect(await fleet.store.get(RESULTS)).toBe(theirs);
    fleet.upstream.set('m1', { kind: 'ok' });
    const ours = async (): Promise<boolean> => (await published(fleet))?.checked_by === fleet.pod(0).id;
    await until(ours, { withinMs: 6_000, what: 'a publication' });
  });

  it('renews what it published long before its end, and each model is probed once per interval', async (test) => {
    const fleet = await bridges(test, { pods: 2, env: { ...bridgeShape.env, DEFAULT_SHARED_HEALTH_CHECK_TTL: '20' } });
    await firstPublication(fleet);
    let least = Infinity;
    const looking = setInterval(() => {
      void fleet.store.pttl(RESULTS).then((left) => (least = Math.min(least, left)));
    }, 50);
    test.onTestFinished(() => clearInterval(looking));
    const span = await observe(8_000);
    expect(least).toBeGreaterThan(10_000);
    for (const model of ['m1', 'm2']) {
      const probes = startsOf(fleet.upstream, model, span).length;
      expect(probes).toBeGreaterThanOrEqual(3);
      expect(probes).toBeLessThanOrEqual(5);
    }
  });

  it('that dies is followed by another within 11 s, one that stops at once', async (test) => {
    const fleet = await bridges(test, { pods: 2, env: { ...bridgeShape.env, DEFAULT_SHARED_HEALTH_CHECK_TTL: '60' } });
    const by = async (pod: TestPod): Promise<boolean> => {
      const text = await fleet.store.get(RESULTS);
      // Rows name pods, too: the last field counts.
      return text?.endsWith(`\\"checked_by\\":\\"${pod.id}\\"}"`) ?? false;
    };
    await until(async () => (await fleet.store.get(RESULTS)) !== null, { withinMs: 10_000, what: 'a publication' });
    const first = (await by(fleet.pod(0))) ? fleet.pod(0) : fleet.pod(1);
    const second = first === fleet.pod(0) ? fleet.pod(1) : fleet.pod(0);
    await observe(6_000);
    expect(await by(first)).toBe(true);
    const diedAt = Date.now();
    await first.end();
    await until(() => by(second), { withinMs: 11_000, what: 'the other to take over' });
    console.log(`took over after ${Date.now() - diedAt} ms`);
    const third = await fleet.addPod();
    await observe(2_000);
    expect(await by(second)).toBe(true);
    const stoppedAt = Date.now();
    expect(await second.stop()).toEqual({ code: 0, signal: null });
    expect(await fleet.store.get(RESULTS)).not.toBeNull();
    await until(() => by(third), { withinMs: 4_000, what: 'the third to take over' });
    console.log(`took over after ${Date.now() - stoppedAt} ms`);
  });

  it('that hangs and wakes up writes nothing over its successor', async (test) => {
    const fleet = await bridges(test, { pods: 2 });
    const { checked_by: holder } = await firstPublication(fleet);
    const first = fleet.podOf(holder);
    first.kill('SIGSTOP');
    const next = await until(
      async () => {
        const results = await published(fleet);
        return results !== undefined && results.checked_by !== holder ? results.checked_by : undefined;
      },
      { withinMs: 11_000, what: 'the other to take over' },
    );
    first.kill('SIGCONT');
    const writers = new Set<string>();
    const ends = Date.now() + 5_000;
    await until(
      async () => {
        writers.add((await published(fleet))?.checked_by ?? 'nobody');
        return Date.now() > ends;
      },
      { withinMs: 10_000, what: 'five seconds of looks', everyMs: 20 },
    );
    expect([...writers]).toEqual([next]);
  });

  it('repairs within a second whatever is written over its publication', async (test) => {
    const fleet = await bridges(test);
    const { checked_by: id } = await firstPublication(fleet);
    for (const [name, value] of poison()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await fleet.store.set(RESULTS, value);
      const took = stopwatch(fleet.pod(0));
      // oxlint-disable-next-line no-await-in-loop
      await until(
        async () => {
          const text = (await fleet.store.get(RESULTS)) ?? '';
          return text !== value && text.includes(id);
        },
        { withinMs: 5_000, what: `repair of ${name}` },
      );
      expect(took(), name).toBeLessThan(1_000);
    }
    expect(fleet.pod(0).lines(/its published results were replaced: found /).length).toBeLessThanOrEqual(3);
  });

  it("overwrites results of LiteLLM's own, never touches its lock, and counts the pods it saw", async (test) => {
    const fleet = await bridges(test);
    await firstPublication(fleet);
    await fleet.store.set(LOCK, '"pod_1795345639889"');
    // A refresh may come between the writing and the next look: then it is replaced before it is read.
    await until(
      async () => {
        await fleet.store.set(RESULTS, litellmResults({ checked_by: 'pod_1795345639111' }));
        await until(async () => (await published(fleet))?.checked_by === fleet.pod(0).id, {
          withinMs: 1_000,
          what: 'its own results again',
        });
        return /^allswell_bridge_litellm_pods 2$/m.test(await fleet.pod(0).metrics());
      },
      { withinMs: 10_000, what: 'the bridge to have seen both pods' },
    );
    await observe(1_000);
    expect(await fleet.store.get(LOCK)).toBe('"pod_1795345639889"');
    expect(await fleet.store.ttl(LOCK)).toBe(-1);
    expect(await fleet.pod(0).fleet()).toMatchObject({
      bridge: {
        state: 'publishing',
        litellm_pods: expect.arrayContaining(['pod_1795345639889', 'pod_1795345639111']),
      },
    });
    expect(await fleet.pod(0).metrics()).toMatch(/^allswell_bridge_displaced_total\{by="litellm"\} [1-9]/m);
  });

  it('lets its publication end with the evidence when no pod probes any more', async (test) => {
    const fleet = await bridges(test);
    await firstPublication(fleet);
    // Allowed: twice the interval and the timeout, or the time for results, which is longer here.
    const paused = await fetch(`${fleet.pod(0).url}/fleet/probing/pause`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-master-5ae81c40b7', 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'test', minutes: 10 }),
    });
    expect(paused.status).toBe(200);
    await until(async () => (await published(fleet)) === undefined, { withinMs: 15_000, what: 'the end of it' });
    const shown = await fleet.pod(0).health();
    const oldest = Math.max(...shown.healthy_endpoints.map(({ age_seconds: age }) => age ?? 0));
    expect(oldest).toBeLessThan(TTL_S + 2);
    await observe(2_000);
    expect(await fleet.store.get(RESULTS)).toBeNull();
    expect(await fleet.pod(0).fleet()).toMatchObject({ bridge: { state: 'withheld' } });
  });

  it('outlives a Redis that hangs, and one that restarts empty', async (test) => {
    const fleet = await bridges(test);
    const { checked_by: id } = await firstPublication(fleet);
    fleet.redis.pause();
    await until(async () => JSON.stringify(await fleet.pod(0).fleet()).includes('"state":"unreachable"'), {
      withinMs: 10_000,
      what: 'the bridge to notice',
    });
    const took = stopwatch(fleet.pod(0));
    await fleet.pod(0).get('/health');
    expect(took()).toBeLessThan(250);
    fleet.redis.resume();
    const again = async (): Promise<boolean> => (await published(fleet))?.checked_by === id;
    await until(again, { withinMs: 10_000, what: 'a publication after the hang' });
    await fleet.redis.restart();
    expect(await fleet.store.get(RESULTS)).toBeNull();
    await until(again, { withinMs: 15_000, what: 'a publication after the restart' });
    expect(fleet.pod(0).lines(/ERROR|Unhandled|rejection/)).toEqual([]);
  });

  it('is a setting of `serve`, and off without it', async (test) => {
    const fleet = await bridges(test, {
      command: 'serve',
      pods: [{}, { fleetHealth: { litellm_bridge: true } }],
    });
    const { checked_by: id } = await firstPublication(fleet);
    expect(id).toBe(fleet.pod(1).id);
    expect((await fleet.pod(1).get('/v1/models')).status).toBe(200);
    expect(await fleet.pod(0).fleet()).toMatchObject({ bridge: { state: 'off' } });
  });

  it('of another fleet waits for its turn instead of fighting over the key', async (test) => {
    const fleet = await bridges(test, { env: { ...bridgeShape.env, DEFAULT_SHARED_HEALTH_CHECK_TTL: '20' } });
    const { checked_by: holder } = await firstPublication(fleet);
    const other = await fleet.addPod({ fleetHealth: { fleet: 'other' }, models: ['m3'] });
    const writers = new Set<string>();
    const ends = Date.now() + 4_000;
    await until(
      async () => {
        writers.add((await published(fleet))?.checked_by ?? 'nobody');
        return Date.now() > ends;
      },
      { withinMs: 10_000, what: 'four seconds of looks', everyMs: 20 },
    );
    expect([...writers]).toEqual([holder]);
    expect(await other.fleet()).toMatchObject({ bridge: { state: 'standby', holder } });
  });

  it('takes a model that is added over once it was judged, and leaves LiteLLM to itself until then', async (test) => {
    const fleet = await bridges(test, { env: { ...bridgeShape.env, DEFAULT_SHARED_HEALTH_CHECK_TTL: '20' } });
    await firstPublication(fleet);
    fleet.upstream.set('m3', { kind: 'slow', ms: 2_000 });
    fleet.configure(0, { models: [...bridgeShape.models, 'm3'] });
    fleet.pod(0).kill('SIGHUP');
    const seen = new Set<number | undefined>();
    await until(
      async () => {
        const count = (await published(fleet))?.healthy_count;
        seen.add(count);
        return count === 3;
      },
      { withinMs: 15_000, what: 'the third model' },
    );
    expect([...seen]).toEqual([2, undefined, 3]);
  });

  it('answers no request for models', async (test) => {
    const fleet = await bridges(test);
    expect((await fleet.pod(0).get('/v1/models')).status).toBe(404);
    const { paths } = JSON.parse((await fleet.pod(0).get('/openapi.json')).text) as { paths: object };
    expect(Object.keys(paths)).toContain('/health');
    expect(Object.keys(paths)).not.toContain('/v1/models');
    expect((await fleet.pod(0).get('/health/liveliness')).status).toBe(200);
    expect((await fleet.pod(0).get('/metrics')).status).toBe(200);
  });
});
