import { expect, it } from 'vitest';
import { epochMs, observe } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import { allShow, published, rowsIn, sharedStand, showsItsOwn, showsOurs } from './harness/index.ts';
import type { LitellmHealth } from './harness/index.ts';

// From LiteLLM alone to allswell alone and back again, one step at a time, with two pods.

const INTERVAL_MS = 3_000;
const MODELS = [{ model: 'm1' }, { model: 'm2' }];
const INDEPENDENT = { general: { use_shared_health_check: false } };
const PUBLISHES = { fleetHealth: { litellm_bridge: true } };

let bridge: TestPod;
let serve: TestPod;

const stand = sharedStand({
  models: MODELS,
  interval: INTERVAL_MS / 1_000,
  env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String((2 * INTERVAL_MS) / 1_000) },
});

it('begins with LiteLLM pods that know nothing of each other: each probes', async () => {
  await stand().startLitellm(2, INDEPENDENT);
  await all(showsItsOwn);
  await eachProbes();
});

it('goes on to LiteLLM pods that share: one of them probes', async () => {
  await stand().stopLitellm();
  await stand().startLitellm(2);
  await all(showsItsOwn);
  // Its results are used for two intervals, and looked at once in each.
  const span = await observe(6 * INTERVAL_MS);
  const { length } = stand().requests.times('litellm', { model: 'm1', span });
  expect(length).toBeGreaterThanOrEqual(1);
  expect(length).toBeLessThanOrEqual(4);
});

it('to a bridge beside them: nobody of them probes', async () => {
  bridge = await stand().startOurs('bridge');
  await all(showsOurs);
  await weProbe();
});

it('to pods of both kinds, one of ours publishing: the bridge is no longer needed', async () => {
  const { litellm } = stand();
  serve = await stand().startOurs('serve', PUBLISHES);
  await stand().stopLitellm(litellm.slice(0, 1));
  await bridge.stop();
  await until(async () => (await published(stand()))?.checked_by === serve.id, { withinMs: 11_000, what: 'its turn' });
  await all(showsOurs);
  await weProbe();
  const theirs = rowsIn(await stand().litellm[0]!.health()).map(({ model_id: id }) => id);
  const { healthy_endpoints: ours } = await serve.health();
  expect(ours.map(({ model_id: id }) => id).toSorted()).toEqual(theirs.toSorted());
});

it('to pods of ours alone', async () => {
  await stand().stopLitellm();
  await weProbe();
});

it('and back: LiteLLM pods beside ours probe nothing', async () => {
  await stand().startLitellm(2);
  await all(showsOurs);
  await weProbe();
});

it('with a bridge in place of our pods, too', async () => {
  bridge = await stand().startOurs('bridge');
  await serve.stop();
  await until(async () => (await published(stand()))?.checked_by === bridge.id, { withinMs: 11_000, what: 'its turn' });
  await weProbe();
});

it('a LiteLLM pod with other models that publishes in between is overruled within a second', async () => {
  const { litellm, store } = stand();
  // It takes nothing for fresh that is a second old, and so it probes and publishes its own list.
  const [rogue] = await stand().startLitellm(1, {
    models: [{ model: 'm1' }, { model: 'other' }],
    env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: '1' },
  });
  const stood: number[] = [];
  for (let round = 0; round < 2; round++) {
    const isOurs = async (): Promise<boolean> => (await published(stand()))?.checked_by === bridge.id;
    await until(async () => !(await isOurs()), { withinMs: 30_000, what: 'a publication of LiteLLM', everyMs: 5 });
    const from = epochMs();
    await until(isOurs, { withinMs: 5_000, what: 'ours again' });
    stood.push(epochMs() - from);
  }
  expect(Math.max(...stood)).toBeLessThan(1_000);
  expect(await bridge.fleet()).toMatchObject({
    bridge: {
      displaced: { litellm: expect.any(Number) },
      // What it has and nobody publishes is named; nothing of ours is foreign to the other pods, but it is to this one.
      other_models: { unwatched: [{ model: 'openai/other' }], foreign: [{ model: 'openai/m2' }] },
    },
  });
  expect(await store.pttl('health_check_results')).toBeGreaterThan(0);
  await stand().stopLitellm([rogue!]);
  // Whoever read it meanwhile reads ours next.
  await allShow(litellm.slice(0, 2), { wanted: onlyOurModels, withinMs: 2 * INTERVAL_MS, what: 'the true models' });
});

it('LiteLLM pods that share, without a bridge: one of them probes again', async () => {
  await bridge.stop();
  await all(showsItsOwn);
});

it('ends where it began: independent pods, at once', async () => {
  await stand().stopLitellm();
  await stand().startLitellm(2, INDEPENDENT);
  await all(showsItsOwn);
  await eachProbes();
});

/** Waits until every LiteLLM pod shows the rows of whoever is meant to probe. */
async function all(wanted: (health: LitellmHealth) => boolean): Promise<void> {
  await allShow(stand().litellm, { wanted, withinMs: 30_000, what: 'the rows in every pod' });
}

function onlyOurModels(health: LitellmHealth): boolean {
  const models = rowsIn(health).map(({ model }) => model);
  return models.toSorted().join() === 'openai/m1,openai/m2';
}

/** Two pods, and a probe of each in every interval. */
async function eachProbes(): Promise<void> {
  const span = await observe(3 * INTERVAL_MS);
  expect(stand().requests.times('litellm', { model: 'm1', span }).length).toBeGreaterThanOrEqual(4);
}

async function weProbe(): Promise<void> {
  const span = await observe(3 * INTERVAL_MS);
  expect(stand().requests.times('litellm', { span })).toEqual([]);
  const times = stand().requests.times('allswell', { model: 'm1', span });
  const seen = `probes ${times.map((at) => Math.round(at - span.from)).join(', ')} ms after the beginning`;
  expect(times.length, seen).toBeGreaterThanOrEqual(2);
  expect(times.length, seen).toBeLessThanOrEqual(4);
}
