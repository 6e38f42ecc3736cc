import { describe, it } from 'vitest';
import type { TestContext } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { command, epochMs } from '../fleet/harness/index.ts';
import { openStand, startTraffic } from './harness/index.ts';
import type { StandShape } from './harness/index.ts';

// LiteLLM's Router gets its Redis from one of several settings. Whichever it is, the bridge has to write where the Router
// reads: an operator's drain has to reach it.

const CASES: readonly (readonly [where: string, changes: Partial<StandShape>])[] = [
  ['cache_params', {}],
  ['cache_params with a namespace', { namespace: 'team' }],
  ['cache_params of a Redis Cluster', { cluster: true }],
  ['cache_params with the sentinels of a master', { sentinel: true }],
  ['coordination_redis', { redisIn: 'coordination_redis' }],
  ['router_settings, the same as in cache_params', { routerRedis: 'same' }],
  ['router_settings, another one than in cache_params', { routerRedis: 'own' }],
];

const SILENT_MS = 2_500;

describe("a LiteLLM pod avoids a drained deployment where the Router's Redis is that of", () => {
  it.for(CASES)('%s', async ([, changes], test) => {
    const { stand, reached } = await running(changes, test);
    const bridge = await stand.startOurs('bridge');
    await until(() => reached(epochMs() - 1_000) > 0, { withinMs: 30_000, what: 'requests at m2' });
    const drain = async (): Promise<boolean> => {
      const status = await command(bridge, '/fleet/targets/id-m2/drain', { reason: 'a test', until: '10m' });
      return status === 200;
    };
    // A bridge that has just started may not know all nodes of a cluster yet.
    await until(drain, { withinMs: 30_000, what: 'the drain', everyMs: 250 });
    await until(() => reached(epochMs() - SILENT_MS) === 0, { withinMs: 30_000, what: 'no requests at m2' });
    test.expect(await command(bridge, '/fleet/targets/id-m2/undrain', {})).toBe(200);
    await until(() => reached(epochMs() - 1_000) > 0, { withinMs: 30_000, what: 'requests at m2 again' });
  });
});

async function running(changes: Partial<StandShape>, test: TestContext) {
  const stand = await openStand({
    models: ['m1', 'm2'].map((model) => ({ model, group: 'pair', info: { id: `id-${model}` } })),
    interval: 5,
    general: { background_health_checks: undefined, use_shared_health_check: undefined },
    ...changes,
  });
  test.onTestFinished(async () => await stand.stop());
  test.onTestFailed(() => console.log(stand.story().split('\n').slice(-300).join('\n')));
  await stand.startLitellm(1);
  const traffic = startTraffic({ pods: stand.litellm, perSecond: 8, kinds: [{ group: 'pair' }] });
  test.onTestFinished(async () => await traffic.stop());
  const reached = (from: number): number =>
    stand.requests.times('user', { model: 'm2', span: { from, to: Infinity } }).length;
  return { stand, reached };
}
