import { describe, expect, it } from 'vitest';
import type { HealthBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  expectCalm,
  fleetFor,
  modelNames,
  observe,
  recordedIn,
  rowsOf,
  startsOf,
} from './harness/index.ts';

const INTERVAL_MS = 2_000;

describe.concurrent('pods that were told different things', () => {
  it('fault: two configs overwrite each other: two model lists, nothing foreign in any pod, nothing lost', async (test) => {
    const [left, right] = [
      ['m1', 'm2', 'm3'],
      ['m3', 'm4', 'm5'],
    ];
    const fleet = await fleetFor(test, {
      models: [],
      pods: [{ models: left }, { models: left }, { models: right }, { models: right }],
    });
    await allMet(fleet, 4);
    await allJudged(fleet);
    const printed = new Map(fleet.pods.map((pod) => [pod, pod.log().length]));
    await observe(1.5 * INTERVAL_MS);
    const span = await observe(5 * INTERVAL_MS);
    expectCalm({ upstream: fleet.upstream, models: modelNames(5), intervalMs: INTERVAL_MS, span });
    expect(await recordedIn(fleet.store)).toHaveLength(5);
    for (const [place, pod] of fleet.pods.entries()) {
      expect(groupsOf(await pod.health())).toEqual(place < 2 ? left : right);
      expect((await pod.sharedStatus()).status).toMatchObject({ targets: 3, pods: 4 });
    }
    fleet.upstream.set('m3', { kind: 'status', status: 401 });
    const told = async (): Promise<boolean> => {
      const bodies = await Promise.all(fleet.pods.map((pod) => pod.health()));
      return bodies.every(({ unhealthy_endpoints: [row] }) => row?.model === 'openai/m3');
    };
    await until(told, { withinMs: 2 * INTERVAL_MS, what: 'all pods to know of the model that they share' });
    for (const pod of fleet.pods) {
      const lines = pod.log().slice(printed.get(pod)).split('\n');
      const warnings = lines.filter((line) => / (WARNING|ERROR): /.test(line));
      expect(warnings.filter((line) => !line.includes('Verdict changed: openai/m3 is'))).toEqual([]);
    }
  });

  it('aliases of one upstream are probed once, and every alias shows the verdict', async (test) => {
    const models = ['one', 'two', 'three'].map((group) => ({ group, model: 'm' }));
    const fleet = await fleetFor(test, { pods: 2, models });
    await allMet(fleet, 2);
    await allJudged(fleet);
    await observe(1.5 * INTERVAL_MS);
    const span = await observe(4 * INTERVAL_MS);
    expectCalm({ upstream: fleet.upstream, models: ['m'], intervalMs: INTERVAL_MS, span });
    fleet.upstream.set('m', { kind: 'status', status: 401 });
    const down = async (): Promise<boolean> => {
      const bodies = await Promise.all(fleet.pods.map((pod) => pod.health()));
      return bodies.every(({ unhealthy_count: bad }) => bad === 3);
    };
    await until(down, { withinMs: 2 * INTERVAL_MS, what: 'all three rows to be unhealthy' });
    for (const pod of fleet.pods) {
      const rows = rowsOf(await pod.health());
      expect(new Set(rows.map(({ model_id: id }) => id)).size).toBe(3);
      expect(new Set(rows.map(({ checked_at: at }) => at)).size).toBe(1);
    }
  });

  it('of two intervals for one target the shorter one counts, and only while a pod has it', async (test) => {
    const long = 4;
    const fleet = await fleetFor(test, { models: ['m'], pods: [{ interval: 2 }, { interval: long }] });
    await allMet(fleet, 2);
    await allJudged(fleet);
    await observe(1.5 * INTERVAL_MS);
    const span = await observe(5 * INTERVAL_MS);
    expectCalm({ upstream: fleet.upstream, models: ['m'], intervalMs: INTERVAL_MS, span });
    await fleet.pod(0).stop();
    const alone = await observe(2 * long * 1_000);
    const count = startsOf(fleet.upstream, 'm', alone).length;
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(3);
  });

  it('fault: a model is probed although it is switched off: never in the background, and it is not listed', async (test) => {
    const off = { model: 'off', info: { disable_background_health_check: true } };
    const fleet = await fleetFor(test, { pods: 2, models: ['on', off] });
    await allJudged(fleet);
    const span = await observe(3 * INTERVAL_MS);
    expect(startsOf(fleet.upstream, 'on', span).length).toBeGreaterThanOrEqual(2);
    await fleet.redis.kill();
    await until(async () => (await fleet.pod(0).health()).mode === 'fallback', { withinMs: 5_000, what: 'fallback' });
    const alone = await observe(3 * INTERVAL_MS);
    expect(startsOf(fleet.upstream, 'on', alone).length).toBeGreaterThanOrEqual(2);
    expect(startsOf(fleet.upstream, 'off')).toEqual([]);
    for (const pod of fleet.pods) expect(groupsOf(await pod.health())).toEqual(['on']);
  });

  it('fault: a non-integer interval silently disables the loop: text in the file and in the environment works', async (test) => {
    const fleet = await fleetFor(test, {
      models: ['m'],
      pods: [
        { interval: '2' },
        { settings: { health_check_interval: null }, env: { DEFAULT_HEALTH_CHECK_INTERVAL: '2.0' } },
      ],
    });
    for (const pod of fleet.pods) expect(pod.log()).toContain('interval_seconds=2 ');
    await allJudged(fleet);
    await observe(1.5 * INTERVAL_MS);
    const both = await observe(4 * INTERVAL_MS);
    expectCalm({ upstream: fleet.upstream, models: ['m'], intervalMs: INTERVAL_MS, span: both });
    // Each kind of text alone keeps the loop going.
    await fleet.pod(0).stop();
    const one = await observe(3 * INTERVAL_MS);
    expect(startsOf(fleet.upstream, 'm', one).length).toBeGreaterThanOrEqual(2);
  });
});

function groupsOf(body: HealthBody): string[] {
  return rowsOf(body)
    .map(({ model }) => model.replace('openai/', ''))
    .toSorted();
}
