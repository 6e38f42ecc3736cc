import { describe, expect, it } from 'vitest';
import { observe } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import { allShow, measured, outage, published, RESULTS, rowsIn, sharedStand, showsOurs } from './harness/index.ts';

// LiteLLM's own time for results, 300 s, a namespace, minimal rows, and a bridge that is there before LiteLLM is. Its pods
// look for results every two seconds, which costs nobody a probe; the same file tells the bridge how often to probe.

const LOOK_MS = 2_000;
const INTERVAL_MS = 20_000;
const KEY = `team:${RESULTS}`;
const CHECKED = ['openai/bad', 'openai/good', 'openai/m1'];

let bridge: TestPod;

const stand = sharedStand(
  {
    models: [
      { model: 'm1' },
      { model: 'good', group: 'pair', info: { id: 'the-good' } },
      { model: 'bad', group: 'pair' },
      { model: 'opted-out', info: { disable_background_health_check: true } },
      { model: 'elsewhere' },
    ],
    interval: LOOK_MS / 1_000,
    fleetHealth: { interval: INTERVAL_MS / 1_000 },
    namespace: 'team',
    general: {
      health_check_details: false,
      enable_health_check_routing: true,
      background_health_check_model_groups: ['m1', 'pair', 'opted-out'],
    },
    // LiteLLM's pods only cool down what they probed themselves: with a policy, it takes the list of groups above for
    // verdicts of others to count.
    router: { allowed_fails_policy: { InternalServerErrorAllowedFails: 100 } },
  },
  async (opened) => {
    bridge = await opened.startOurs('bridge');
    await until(async () => await published(opened, KEY), { withinMs: 20_000, what: 'the first publication' });
    await opened.startLitellm(3);
  },
);

describe('LiteLLM pods that start beside a bridge', () => {
  it('show its verdicts from the first, in minimal rows', async () => {
    const { litellm } = stand();
    await allShow(litellm, { wanted: showsOurs, withinMs: 10_000, what: 'our rows in every pod' });
    for (const pod of litellm) {
      const rows = rowsIn(await pod.health());
      expect(rows.map(({ model }) => model).toSorted()).toEqual(CHECKED);
      expect(rows.map(({ model_id: id }) => id)).toContain('the-good');
      for (const row of rows) expect(row).not.toHaveProperty('api_base');
    }
  });

  it('name each deployment as LiteLLM does when it sends traffic there', async () => {
    const [pod] = stand().litellm;
    for (const { model, model_id: id } of rowsIn(await pod!.health())) {
      const group = model === 'openai/m1' ? 'm1' : 'pair';
      await until(async () => (await pod!.served(group)) === id, {
        withinMs: 10_000,
        what: `${model} to serve as ${id}`,
      });
    }
  });

  it('leave a failed deployment, under a policy of allowed fails, too', async () => {
    const { litellm, requests, upstream } = stand();
    const bad = { model: 'bad', probedWithinMs: 1.5 * INTERVAL_MS, knownWithinMs: 2 * INTERVAL_MS };
    measured('fast outage known by the last pod, s', await outage(stand(), bad));
    expect((await litellm[0]!.health()).unhealthy_endpoints).toMatchObject([{ exception_status: 500 }]);
    const reached = requests.times('user', { model: 'bad' }).length;
    const asked = litellm.flatMap((pod) => Array.from({ length: 12 }, async () => await pod.chat('pair')));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
    expect(requests.times('user', { model: 'bad' }).length).toBe(reached);
    upstream.set('bad', { kind: 'ok' });
  });

  it('never probe, however often they look, while each model is probed once per interval', async () => {
    const span = await observe(2 * INTERVAL_MS);
    const { requests, store } = stand();
    expect(requests.times('litellm')).toEqual([]);
    for (const model of ['m1', 'good']) {
      const { length } = requests.times('allswell', { model, span });
      expect(length, model).toBeGreaterThanOrEqual(1);
      expect(length, model).toBeLessThanOrEqual(3);
    }
    for (const model of ['opted-out', 'elsewhere']) expect(requests.times('allswell', { model }), model).toEqual([]);
    const leftMs = await store.pttl(KEY);
    expect(leftMs).toBeGreaterThan(250_000);
    expect(leftMs).toBeLessThanOrEqual(300_000);
    expect(await store.exists('team:health_check_lock', 'health_check_lock', RESULTS)).toBe(0);
  });

  it('are known to the bridge by their reads, without a name', async () => {
    expect(await bridge.fleet()).toMatchObject({
      bridge: {
        state: 'publishing',
        results_key: KEY,
        litellm_pods: [],
        litellm_signs: { read: expect.any(String), results: null },
        reads_visible: true,
      },
    });
  });
});
