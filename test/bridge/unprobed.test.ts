import { expect, it } from 'vitest';
import { observe } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import { allShow, rowsIn, sharedStand, showsItsOwn, showsOurs } from './harness/index.ts';

// What a LiteLLM pod does with a deployment that the published results leave out. It calls this one without trouble;
// allswell does not know the provider.

const INTERVAL_MS = 3_000;
const UNKNOWN = { model: 'm2', group: 'both', params: { model: 'deepinfra/m2' } };

const stand = sharedStand({
  models: [{ model: 'm1', group: 'both' }, UNKNOWN],
  interval: INTERVAL_MS / 1_000,
  general: { enable_health_check_routing: true, health_check_staleness_threshold: 10 },
  env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String((2 * INTERVAL_MS) / 1_000) },
});

it('begins with a LiteLLM pod that finds it down, and routes past it', async () => {
  stand().upstream.set('m2', { kind: 'status', status: 500 });
  await stand().startLitellm(1);
  await allShow(stand().litellm, {
    wanted: (health) => showsItsOwn(health) && health.unhealthy_endpoints?.length === 1,
    withinMs: 60_000,
    what: 'one row down',
  });
  await until(async () => (await servedBy(10)).size === 1, { withinMs: 20_000, what: 'no request at m2' });
});

it('with a bridge it is in neither list, and nobody probes it', async () => {
  const bridge = await stand().startOurs('bridge');
  await allShow(stand().litellm, { wanted: showsOurs, withinMs: 60_000, what: 'our rows' });
  const [pod] = stand().litellm;
  expect(rowsIn(await pod!.health()).map(({ model }) => model)).toEqual(['openai/m1']);
  expect(await bridge.health()).toMatchObject({ unprobed_endpoints: [{ model: 'deepinfra/m2', watched: 'traffic' }] });
  const span = await observe(4 * INTERVAL_MS);
  const probes = ['litellm', 'allswell'].map((by) => stand().requests.times(by as 'litellm', { model: 'm2', span }));
  expect(probes.flat()).toEqual([]);
});

it('and it is routed to again, once what LiteLLM knew of it is stale', async () => {
  stand().upstream.set('m2', { kind: 'ok' });
  await until(async () => (await servedBy(10)).size === 2, { withinMs: 60_000, what: 'a request at m2' });
});

/** Ids of the deployments that served so many requests. */
async function servedBy(count: number): Promise<ReadonlySet<string | null>> {
  const ids = new Set<string | null>();
  for (let i = 0; i < count; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a caller sends them
    ids.add(await stand().litellm[0]!.served('both'));
  }
  return ids;
}
