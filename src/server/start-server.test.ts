import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import type { FleetStore, Logger } from '../ports/index.ts';
import { memoryFleet } from '../store/memory/index.ts';
import { freePort, startMockUpstream, until } from '../testing/index.ts';
import type { MockUpstream } from '../testing/index.ts';
import { startServer } from './start-server.ts';
import type { RunningServer } from './start-server.ts';
import { steadyEpochUs } from '../system/index.ts';

// Whole pods in this process, with a real upstream and real HTTP.

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

describe('a pod', { timeout: 30_000 }, () => {
  it('carries the security headers on every answer, also on refusals and unknown paths', async () => {
    const upstream = await startUpstream();
    const pod = await start(load(upstream));
    for (const [path, status] of [
      ['/health/liveliness', 200],
      ['/health', 401],
      ['/nothing', 404],
      ['/v1/models', 401],
      ['/v1/nothing', 404],
      ['/metrics', 200],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${pod.port}${path}`);
      expect([path, answer.status]).toEqual([path, status]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        vary: expect.stringMatching(/^Origin/),
        'x-frame-options': 'DENY',
        'content-security-policy': "frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
    expect(await (await get(pod, '/v1/models')).json()).toMatchObject({ data: [{ id: 'good' }], object: 'list' });
  });

  it('asked on demand by callers of two pods at once, probes once for all of them', async () => {
    const upstream = await startUpstream();
    upstream.set('good', { kind: 'slow', ms: 300 });
    const fleet = memoryFleet({ clockUs: steadyEpochUs });
    const config = load(upstream, 'background_health_checks: false, use_shared_health_check: true');
    const pods = [await start(config, fleet.open()), await start(config, fleet.open())];
    const answers = await Promise.all([...pods, ...pods].map(async (pod) => await get(pod, '/health')));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ healthy_count: 1, unknown_count: 0, mode: 'shared' });
    }
    expect(upstream.probes('good')).toBe(1);
  });

  it('asked on demand about an upstream that hangs, answers when the time of the probe is over', async () => {
    const upstream = await startUpstream();
    upstream.set('good', { kind: 'hang' });
    const pod = await start(load(upstream, 'background_health_checks: false', 'health_check_timeout: 1'));
    const answer = await get(pod, '/health?model=good');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ healthy_count: 0 });
  });

  it('never probes on its own when background checks are off', async () => {
    const upstream = await startUpstream();
    const pod = await start(load(upstream, 'background_health_checks: false'));
    await get(pod, '/health/shared-status');
    expect((await get(pod, '/v1/models')).status).toBe(200);
    expect(upstream.probes('good')).toBe(0);
    // The same pod does when it is asked: the count above was not zero for want of a way.
    await get(pod, '/health');
    expect(upstream.probes('good')).toBe(1);
  });

  it('does not start where the port of its agent checks is taken, and gives it back when it stops', async () => {
    const upstream = await startUpstream();
    const port = await freePort();
    const config = { ...load(upstream), agentCheckPort: port };
    const pod = await start(config);
    await expect(start(config)).rejects.toMatchObject({ code: 'ALLSWELL_ERR_PORT_IN_USE' });
    await pod.stop();
    await start(config);
  });

  it('says that it is going while its running probe finishes, and commits that probe', async () => {
    const upstream = await startUpstream();
    upstream.set('good', { kind: 'slow', ms: 700 });
    const fleet = memoryFleet({ clockUs: steadyEpochUs });
    const pod = await start(load(upstream, 'background_health_checks: true'), fleet.open());
    await until(() => upstream.probes('good') === 1, { withinMs: 10_000, what: 'the probe to begin' });
    const stopped = pod.stop();
    for (const path of ['/health/readiness', '/health/liveness']) {
      const answer = await get(pod, path);
      expect([answer.status, await answer.json()]).toEqual([503, { status: 'shutting_down' }]);
    }
    await stopped;
    expect(fleet.texts('records').size).toBe(3);
    for (const lease of fleet.texts('leases').values()) expect(lease.split(' ')[2]).toBe('0');
    expect([...fleet.texts('pods').keys()].filter((field) => field.startsWith('pod_'))).toEqual([]);
    await expect(get(pod, '/health/liveness')).rejects.toThrow('fetch failed');
  });
});

async function startUpstream(): Promise<MockUpstream> {
  const upstream = await startMockUpstream();
  opened.push(() => upstream.close());
  return upstream;
}

async function start(config: AllswellConfig, store?: FleetStore): Promise<RunningServer> {
  const quiet: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const pod = await startServer(config, {
    host: '127.0.0.1',
    port: 0,
    createLogger: () => quiet,
    ...(store !== undefined && { store }),
  });
  opened.push(() => pod.stop());
  return pod;
}

async function get(pod: RunningServer, path: string): Promise<Response> {
  return await fetch(`http://127.0.0.1:${pod.port}${path}`, { headers: { authorization: 'Bearer sk-master' } });
}

function load(
  upstream: MockUpstream,
  settings = 'background_health_checks: false',
  info = 'mode: chat',
): AllswellConfig {
  const params = `{ model: openai/good, api_base: "${upstream.apiBase}", api_key: sk-upstream }`;
  const text = `
model_list:
  - { model_name: good, litellm_params: ${params}, model_info: { ${info} } }
general_settings: { master_key: sk-master, ${settings} }
`;
  const loaded = loadConfig({ text, env: { REDIS_HOST: '127.0.0.1' }, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}
