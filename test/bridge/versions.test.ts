import { describe, expect, it } from 'vitest';
import { epochMs, observe } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import { allShow, isDown, rowsIn, RESULTS, sharedStand, showsItsOwn, showsOurs } from './harness/index.ts';
import type { LitellmPod } from './harness/index.ts';

// A fleet in the middle of an upgrade: one pod of each LiteLLM version, one bridge. The versions differ in the ids of some
// deployments, in how they validate results, and in where they use the namespace.

const INTERVAL_MS = 3_000;
const KEY = `team:${RESULTS}`;
const PROGRAMS = (process.env['LITELLM_BINS'] ?? process.env['LITELLM_BIN'] ?? 'litellm').split(':');

let bridge: TestPod;

const stand = sharedStand(
  {
    models: [
      { model: 'good', group: 'pair' },
      // Its id is another one since 1.110.
      { model: 'odd', group: 'pair', params: { tags: ['a\u00A0b'] } },
      { model: 'm1', info: { id: 'my-id' } },
    ],
    interval: INTERVAL_MS / 1_000,
    namespace: 'team',
    general: { enable_health_check_routing: true },
    env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String((2 * INTERVAL_MS) / 1_000) },
  },
  async (opened) => {
    for (const program of PROGRAMS) {
      // oxlint-disable-next-line no-await-in-loop -- starting pods at the same time takes longer on two cores
      await opened.startLitellm(1, { program });
    }
    await allShow(opened.litellm, { wanted: showsItsOwn, withinMs: 30_000, what: "LiteLLM's own rows" });
    bridge = await opened.startOurs('bridge');
  },
);

describe(`pods of ${PROGRAMS.length} versions of LiteLLM, with a namespace`, () => {
  it('show the published rows, which have the id of each deployment in every version', async () => {
    await allShow(stand().litellm, { wanted: showsOurs, withinMs: 30_000, what: 'our rows in every pod' });
    expect(await stand().store.exists(KEY)).toBe(1);
    expect(await stand().store.exists(RESULTS)).toBe(0);
    const seen = new Set<string>();
    for (const pod of stand().litellm) {
      const published = rowsIn(await pod.health()).map(({ model_id: id }) => id);
      const ids = await idsOf(pod);
      expect(ids, pod.name).toHaveLength(3);
      expect(published, pod.name).toEqual(expect.arrayContaining([...ids]));
      for (const id of ids) seen.add(id);
    }
    // Every published id is one that a version in use has, or the id of `odd` in a version that is not here.
    expect(seen.size).toBe(PROGRAMS.length === 1 ? 3 : 4);
  });

  it('do not probe, and the bridge finds no models that it lacks', async () => {
    const span = await observe(5 * INTERVAL_MS);
    expect(stand().requests.times('litellm', { span })).toEqual([]);
    expect(stand().requests.times('allswell', { model: 'odd', span }).length).toBeLessThanOrEqual(6);
    const { bridge: page } = (await bridge.fleet()) as { bridge: { other_models: Differences | null } };
    expect(page.other_models ?? { unwatched: [], foreign: [] }).toMatchObject({ unwatched: [], foreign: [] });
  });

  it('send no request to a failed deployment whose id depends on the version', async () => {
    const { litellm, upstream } = stand();
    for (const pod of litellm) expect(await reached(pod, 'odd'), pod.name).toBeGreaterThan(0);
    upstream.set('odd', { kind: 'status', status: 500 });
    await allShow(litellm, { wanted: (health) => isDown(health, 'odd'), withinMs: 6 * INTERVAL_MS, what: 'odd down' });
    for (const pod of litellm) {
      // A pod shows rows before its Router uses them, and its Router may use another pod's older ones for one interval.
      const avoids = async (): Promise<boolean> => (await reached(pod, 'odd')) === 0;
      await until(avoids, { withinMs: 4 * INTERVAL_MS, what: `${pod.name} to send odd no requests` });
    }
    const asked = litellm.flatMap((pod) => Array.from({ length: 12 }, async () => await pod.chat('pair')));
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
    upstream.set('odd', { kind: 'ok' });
    await allShow(litellm, { wanted: (health) => !isDown(health, 'odd'), withinMs: 6 * INTERVAL_MS, what: 'odd up' });
  });
});

interface Differences {
  readonly unwatched: readonly unknown[];
  readonly foreign: readonly unknown[];
}

/** The ids of a pod's own deployments. */
async function idsOf(pod: LitellmPod): Promise<readonly string[]> {
  const { data } = JSON.parse((await pod.get('/v1/model/info')).text) as {
    data: readonly { model_info: { id: string } }[];
  };
  return data.map(({ model_info: { id } }) => id);
}

/** How many of twelve requests to the group reach a deployment. */
async function reached(pod: LitellmPod, model: string): Promise<number> {
  const from = epochMs();
  await Promise.all(Array.from({ length: 12 }, async () => await pod.chat('pair')));
  return stand().requests.times('user', { model, span: { from, to: Infinity } }).length;
}
