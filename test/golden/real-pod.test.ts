import { afterEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { startMockUpstream, until } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';

// What the doubles of the other tests stand for: a real pod with a real upstream.

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (one) => await one.stop()));
});

it('a connection that is tested is probed once, with its own key, and counts for nobody', async () => {
  const { pod, upstream, ask } = await started();
  await until(() => upstream.probes('gpt-4o-mini') === 1, { withinMs: 10_000, what: 'the probe of the listed model' });
  const params = { model: 'openai/gpt-new', api_base: upstream.apiBase, api_key: 'sk-theirs' };
  const test = async (): Promise<unknown> => {
    const body = JSON.stringify({ litellm_params: params });
    return await (await ask('/health/test_connection', { method: 'POST', body })).json();
  };
  expect(await test()).toMatchObject({ status: 'success', result: { model: 'openai/gpt-new' } });
  upstream.set('gpt-new', { kind: 'status', status: 401 });
  expect(await test()).toMatchObject({
    status: 'error',
    result: { error: expect.stringContaining('AuthenticationError') as string },
  });
  expect([upstream.probes('gpt-new'), upstream.probes('gpt-4o-mini')]).toEqual([2, 1]);
  expect(pod.fleet.targets()).toHaveLength(1);
});

it('a pod that was drained says that it stops, ends its streams, and probes no more', async () => {
  const { upstream, ask } = await started();
  await until(() => upstream.probes('gpt-4o-mini') >= 1, { withinMs: 10_000, what: 'a probe' });
  const stream = await ask('/fleet/events');
  const drained = await ask('/health/drain', { headers: { 'x-drain-token': 't0ken' } });
  expect([drained.status, await drained.json()]).toEqual([200, { status: 'drained', drained_requests: 0 }]);
  expect(await stream.text()).toContain('event: snapshot');
  for (const path of ['/health/readiness', '/health/liveliness']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await ask(path)).status).toBe(503);
  }
  expect((await ask('/fleet/events')).status).toBe(503);
  const again = await ask('/health/drain', { headers: { 'x-drain-token': 't0ken' } });
  expect(again.status).toBe(200);
});

it('a check by name probes now, though nothing is due', async () => {
  const { upstream, ask } = await started('background_health_checks: false');
  const answer = await ask('/fleet/targets/fast/check', { method: 'POST' });
  expect(await answer.json()).toMatchObject({ state: 'up', next_probe: { kind: 'on-demand' } });
  await ask('/fleet/targets/fast/check', { method: 'POST' });
  expect(upstream.probes('gpt-4o-mini')).toBe(1);
});

interface Started {
  readonly pod: RunningServer;
  readonly upstream: MockUpstream;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
}

async function started(settings = 'background_health_checks: true'): Promise<Started> {
  const upstream = await startMockUpstream();
  const text = `
model_list:
  - { model_name: fast, litellm_params: { model: openai/gpt-4o-mini, api_base: '${upstream.apiBase}', api_key: sk-u } }
general_settings: { master_key: sk-real, ${settings}, enable_drain_endpoint: true, drain_endpoint_token: t0ken }
`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error('the configuration of this test was refused');
  const pod = await startServer(loaded.config, {
    host: '127.0.0.1',
    port: 0,
    createLogger: () => quiet,
    drainMs: 2_000,
  });
  running.push(pod, { stop: async () => await upstream.close() });
  const ask: Started['ask'] = async (path, init = {}) => {
    const headers = { authorization: 'Bearer sk-real', ...(init.headers as Record<string, string> | undefined) };
    return await fetch(`http://127.0.0.1:${pod.port}${path}`, { ...init, headers });
  };
  return { pod, upstream, ask };
}
