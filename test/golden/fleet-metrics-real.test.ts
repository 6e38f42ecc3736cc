import { afterEach, describe, expect, it } from 'vitest';
import { fleetSloSchema } from '../../src/api/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/index.ts';
import { startMockUpstream, startRedisServer, until } from '../../src/testing/index.ts';

// What a pod says of its fleet while its Redis is stopped, or hangs, and error budgets from the history in a real Redis.

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- pods before their Redis
    await one.stop();
  }
});

const headers = { authorization: 'Bearer sk-master', 'content-type': 'application/json' };
const within = { withinMs: 20_000 };

async function openStage(sharing: 'shared' | 'alone' = 'shared') {
  const upstream = await startMockUpstream();
  running.push({ stop: () => upstream.close() });
  const redis = await startRedisServer();
  running.push({ stop: () => redis.stop() });
  const shared = `
litellm_settings: { cache: true, cache_params: { type: redis, host: '${redis.host}', port: ${redis.port} } }`;
  const text = `
model_list: [{ model_name: chat, litellm_params: { model: openai/gpt-4o-mini, api_base: '${upstream.apiBase}', api_key: sk-u } }]
general_settings: { master_key: sk-master, background_health_checks: true, use_shared_health_check: ${sharing === 'shared'} }
fleet_health: { interval: 1, expected_pods: 1, slo: { availability: 99.9 } }${sharing === 'shared' ? shared : ''}
`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const pod = await startServer(loaded.config, { host: '127.0.0.1', port: 0, createLogger: () => quiet });
  running.push(pod);
  const base = `http://127.0.0.1:${pod.port}`;
  const series = async (page: '/metrics' | '/metrics/fleet' = '/metrics/fleet'): Promise<readonly string[]> =>
    (await (await fetch(base + page)).text()).split('\n').filter((line) => line.startsWith('allswell_'));
  const has = async (prefix: string): Promise<boolean> => (await series()).some((line) => line.startsWith(prefix));
  return { upstream, redis, base, series, has };
}

const namesOf = (lines: readonly string[]): readonly string[] => [
  ...new Set(lines.map((line) => /^\w+/.exec(line)?.[0] ?? '')),
];

describe('/metrics/fleet', { timeout: 90_000 }, () => {
  it.each(['is stopped', 'hangs'] as const)(
    'has no facts of the fleet while Redis %s, but its pause',
    async (fault) => {
      const { redis, base, series, has, upstream } = await openStage();
      await until(async () => await has('allswell_target_evidence_age_seconds{'), { ...within, what: 'a verdict' });
      expect(await series()).toEqual(expect.arrayContaining(['allswell_fleet_shared 1', 'allswell_fleet_pods 1']));
      const hold = await fetch(`${base}/fleet/probing/pause`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ reason: 'work on the network' }),
      });
      expect(hold.status).toBe(200);
      await until(async () => await has('allswell_probing_paused 1'), { ...within, what: 'the pause' });
      // The outage begins with that of Redis: the fleet never learns of it.
      upstream.set('gpt-4o-mini', { kind: 'status', status: 500 });
      if (fault === 'hangs') redis.pause();
      else await redis.kill();
      try {
        await until(async () => await has('allswell_fleet_shared 0'), { ...within, what: 'the fallback' });
        expect(namesOf(await series())).toEqual([
          'allswell_fleet_shared',
          'allswell_fleet_expected_pods',
          'allswell_probing_paused',
          'allswell_group_deployments',
          'allswell_slo_objective_ratio',
        ]);
        expect(await series()).toContain('allswell_probing_paused 1');
        expect(await series('/metrics')).toEqual(
          expect.arrayContaining([
            'allswell_store_mode{mode="fallback"} 1',
            'allswell_pod_group_routable_deployments{group="chat"} 1',
          ]),
        );
      } finally {
        if (fault === 'hangs') redis.resume();
        else await redis.restart();
      }
      await until(async () => await has('allswell_fleet_pods 1'), { ...within, what: 'sharing again' });
      expect(await series()).toContain('allswell_fleet_shared 1');
    },
  );

  it('has everything of a pod without a store, which is its own fleet', async () => {
    const { has, series } = await openStage('alone');
    await until(async () => await has('allswell_slo_availability_ratio{group="chat"} 1'), {
      ...within,
      what: 'uptime',
    });
    expect(await series()).toEqual(
      expect.arrayContaining([
        'allswell_fleet_shared 0',
        'allswell_fleet_pods 1',
        'allswell_fleet_targets{state="up"} 1',
        'allswell_slo_error_budget_left_ratio{group="chat"} 1',
      ]),
    );
  });
});

it('an outage uses the error budget of its group, in the answer and in the metrics', async () => {
  const { upstream, base, has, series } = await openStage();
  const slo = async () => fleetSloSchema.parse(await (await fetch(`${base}/fleet/slo`, { headers })).json()).groups[0];
  await until(async () => ((await slo())?.up_s ?? 0) > 1, { ...within, what: 'uptime' });
  expect(await slo()).toMatchObject({ group: 'chat', objective: 0.999, budget_state: 'left', down_s: 0 });
  upstream.set('gpt-4o-mini', { kind: 'status', status: 500 });
  const down = await until(
    async () => {
      const found = await slo();
      return found?.budget_state === 'spent' ? found : undefined;
    },
    { ...within, what: 'a spent budget' },
  );
  expect(down.budget.left_s).toBeCloseTo(down.budget.total_s - down.budget.used_s, 6);
  expect(down.burn_rates['1h']).toBeGreaterThan(1);
  expect(down.up_s + down.down_s + down.unknown_s).toBeCloseTo(30 * 86_400, 3);
  await until(async () => await has('allswell_slo_burn_rate{group="chat",window="1h"}'), {
    ...within,
    what: 'metrics',
  });
  expect(await series()).toContain('allswell_slo_objective_ratio{group="chat"} 0.999');
}, 60_000);
