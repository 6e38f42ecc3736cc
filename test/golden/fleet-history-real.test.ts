import { afterEach, expect, it } from 'vitest';
import { fleetHistorySchema } from '../../src/api/index.ts';
import type { FleetHistoryBody } from '../../src/api/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/index.ts';
import { startMockUpstream, startRedisServer, until } from '../../src/testing/index.ts';

// What the doubles of fleet-history.test.ts stand for: two pods, a Redis, and an upstream that fails and recovers.

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- pods before their Redis
    await one.stop();
  }
});

it('an outage that one fleet saw is an incident with both ends, whichever pod is asked', async () => {
  const upstream = await startMockUpstream();
  const redis = await startRedisServer();
  running.push({ stop: () => upstream.close() }, { stop: () => redis.stop() });
  const text = `
model_list: [{ model_name: chat, litellm_params: { model: openai/gpt-4o-mini, api_base: '${upstream.apiBase}', api_key: sk-u } }]
general_settings: { master_key: sk-master, background_health_checks: true, use_shared_health_check: true }
litellm_settings: { cache: true, cache_params: { type: redis, host: '${redis.host}', port: ${redis.port} } }
fleet_health: { interval: 1, status_page: { groups: [chat] } }
`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const start = async () => {
    const pod = await startServer(loaded.config, { host: '127.0.0.1', port: 0, createLogger: () => quiet });
    running.push(pod);
    return pod;
  };
  const pods = [await start(), await start()];
  const past = async (port: number): Promise<FleetHistoryBody> => {
    const headers = { authorization: 'Bearer sk-master' };
    const answer = await fetch(`http://127.0.0.1:${port}/fleet/history?group=chat&window=1h`, { headers });
    return fleetHistorySchema.parse(await answer.json());
  };
  const each = async (holds: (body: FleetHistoryBody) => boolean, what: string): Promise<void> => {
    await until(async () => (await Promise.all(pods.map(async ({ port }) => holds(await past(port))))).every(Boolean), {
      withinMs: 20_000,
      what,
    });
  };
  await each(({ up_s: up }) => up > 0, 'a first result');
  upstream.set('gpt-4o-mini', { kind: 'status', status: 500 });
  await each(({ incidents }) => incidents[0]?.end === 'ongoing', 'an incident');
  upstream.set('gpt-4o-mini', { kind: 'ok' });
  await each(({ incidents }) => incidents[0]?.end === 'recovered', 'the end of the incident');

  const [a, b] = await Promise.all(pods.map(({ port }) => past(port)));
  expect(a?.incidents).toEqual(b?.incidents);
  expect(a?.incidents).toMatchObject([{ start: 'seen', end: 'recovered', classes: ['server'] }]);
  expect(a?.down_s).toBeCloseTo(a?.incidents[0]?.down_s ?? 0, 5);
  // The time before the fleet started is not known, and nothing else is missing.
  const { up_s: up = 0, down_s: down = 0, unknown_s: unknown = 0 } = a ?? {};
  expect(up + down + unknown).toBeCloseTo(3_600, 3);
  expect(up + down).toBeLessThan(120);

  const page = await fetch(`http://127.0.0.1:${pods[0]?.port}/status`);
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'public, max-age=30, must-revalidate']);
  expect(await page.text()).toMatch(/<h3>Incidents<\/h3>\n<ul><li>Down from/);
}, 90_000);
