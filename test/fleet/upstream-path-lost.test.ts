import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  epochMs,
  expectCalm,
  modelNames,
  observe,
  openOwnPath,
  rowsOf,
  sharedFleet,
  startSampler,
  summary,
} from './harness/index.ts';
import type { OwnPath, Sample, TestPod } from './harness/index.ts';

const INTERVAL_MS = 2_000;
// Twelve targets on each of three hosts: whatever the draw, the pod comes first for targets on at least two of them.
const HOSTS = 3;
const models = modelNames(36).map((model, i) => ({ model, port: i % HOSTS }));

describe('one of three pods that loses its way to all upstreams', () => {
  let way: OwnPath | undefined;
  const fleet = sharedFleet({ pods: 2, models, extraPorts: HOSTS - 1 }, async (started) => {
    way = await openOwnPath(started.upstream);
    await started.addPod(way.shape);
    await allMet(started, 3);
    await allJudged(started);
    await observe(INTERVAL_MS);
  });
  const others = (): TestPod[] => [fleet().pod(0), fleet().pod(1)];
  const lost = (): TestPod => fleet().pod(2);

  it('uses a way of its own to the same targets', async () => {
    const bodies = await Promise.all(fleet().pods.map((pod) => pod.fleet()));
    const [first = [], ...rest] = bodies.map(({ targets }) => targets.map(({ target }) => target));
    for (const ids of rest) expect(ids).toEqual(first);
    const own = fleet().upstream.ports.slice(HOSTS).map(String);
    const used = Object.values(fleet().upstream.stats().models).flatMap(({ probes }) => Object.keys(probes.ports));
    expect(own.some((port) => used.includes(port))).toBe(true);
  });

  it('leaves every target up in the other pods, says why in its own listing, and steps aside', async () => {
    const wrong: string[] = [];
    const look = ({ pod, body }: Sample): void => {
      for (const { model, state } of rowsOf(body)) if (state !== 'up') wrong.push(`${pod.name}: ${model} is ${state}`);
    };
    const sampler = startSampler({ pods: others(), everyMs: 10, look });
    await way?.refuse();
    await until(async () => (await lost().fleet()).impaired, { withinMs: 8_000, what: 'the pod to judge itself' });
    const listing = await lost().health();
    expect(listing.unhealthy_count).toBeGreaterThan(0);
    for (const row of listing.unhealthy_endpoints) {
      expect(row).toMatchObject({ state: 'suspect', error: expect.stringContaining('only this pod fails') });
    }
    expect(lost().lines(/is impaired: its probes fail where other pods' probes succeed/)).toHaveLength(1);
    const known = async (): Promise<boolean> => {
      const bodies = await Promise.all(others().map((pod) => pod.fleet()));
      return bodies.every(({ pods }) => pods.find(({ pod }) => pod === lost().id)?.impaired === true);
    };
    // Pods learn of each other by heartbeats, three seconds apart.
    await until(known, { withinMs: 4_000, what: 'the others to know that it is impaired' });

    // The two that see share the work of three.
    await observe(1.5 * INTERVAL_MS);
    const span = await observe(3 * INTERVAL_MS);
    expectCalm({ upstream: fleet().upstream, models: names, intervalMs: INTERVAL_MS, span });
    await sampler.stop();
    console.log(`/health of the other pods meanwhile: ${summary(sampler.durations({ from: 0, to: epochMs() }))}`);
    expect(wrong).toEqual([]);
  });

  it('comes back by itself when its way is open again', async () => {
    await way?.repair();
    const well = async (): Promise<boolean> => {
      const [body, listing] = await Promise.all([lost().fleet(), lost().health()]);
      return !body.impaired && listing.healthy_count === models.length;
    };
    await until(well, { withinMs: 20_000, what: 'the pod to see every target up again', everyMs: 50 });
    expect(lost().lines(/is no longer impaired/)).toHaveLength(1);
  });
});

const names = models.map(({ model }) => model);
