import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { HealthBody } from '../../api/index.ts';
import { childEnv, startMockUpstream, startRedisServer, until } from '../../testing/index.ts';

// Real processes: what a person types and what a container runtime does.

const pods: ChildProcess[] = [];
const cleanups: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const pod of pods.splice(0)) pod.kill('SIGKILL');
  for (const clean of cleanups.splice(0)) await clean();
});

describe('allswell serve', { timeout: 60_000 }, () => {
  it('judges its models over a real Redis, and leaves no lease and no member behind when it is told to stop', async () => {
    const redisServer = await startRedisServer({ password: 'hunter22' });
    cleanups.push(() => redisServer.stop());
    const upstream = await startMockUpstream();
    cleanups.push(() => upstream.close());
    upstream.set('bad', { kind: 'status', status: 401 });
    const pod = serve(
      configOf(
        upstream.apiBase,
        `cache_params: { type: redis, host: 127.0.0.1, port: ${redisServer.port}, password: hunter22 }`,
      ),
    );
    const url = await pod.url();

    const listing = await until(
      async () => {
        const body = await pod.get<HealthBody>('/health');
        return body.healthy_count === 1 && body.unhealthy_count === 1 ? body : undefined;
      },
      { withinMs: 20_000, what: 'one healthy and one unhealthy model' },
    );
    expect(listing.mode).toBe('shared');
    expect(await pod.get('/health/shared-status')).toMatchObject({
      shared_health_check_enabled: true,
      status: { redis_available: true, cache_available: true, pods: 1, targets: 2 },
    });
    expect((await fetch(`${url}/health`)).status).toBe(401);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^allswell_pod_target_state\{.*model="openai\/good"\} 1$/m);
    const fleetMetrics = await (await fetch(`${url}/metrics/fleet`)).text();
    expect(fleetMetrics).toMatch(/^allswell_target_state\{.*model="openai\/bad"\} 4$/m);
    for (const text of [metrics, fleetMetrics]) expect(text).not.toMatch(/sk-|http:\/\/|hunter22/);

    const redis = new Redis(redisServer.port, { password: 'hunter22' });
    cleanups.push(() => redis.disconnect());
    expect(Object.keys(await redis.hgetall('allswell:{default}:records'))).toHaveLength(4);
    pod.child.kill('SIGTERM');
    expect(await pod.exited).toBe(0);
    const leases = await redis.hvals('allswell:{default}:leases');
    expect(leases.filter((lease) => lease.split(' ')[2] !== '0')).toEqual([]);
    expect(pod.output()).toMatch(/INFO: Pod pod_\S+ acquired health check lock\n/);
    expect(pod.output()).toMatch(/INFO: Cached health check results for \d healthy and \d unhealthy endpoints\n/);
    expect(pod.output()).not.toMatch(/sk-|hunter22/);
  });

  it('is alive and answers though Redis accepts connections and never says a word', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    cleanups.push(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const pod = serve(
      configOf('http://127.0.0.1:9/v1', `cache_params: { type: redis, host: 127.0.0.1, port: ${port} }`),
    );
    const url = await pod.url();
    for (const path of ['/health/liveliness', '/health/readiness']) expect((await fetch(url + path)).status).toBe(200);
    expect(await pod.get('/health/shared-status')).toMatchObject({ status: { redis_available: false } });
    expect(await pod.get('/health')).toMatchObject({ healthy_count: 0 });
    pod.child.kill('SIGINT');
    expect(await pod.exited).toBe(0);
    expect(pod.output()).toMatch(/INFO: Stopped\n$/);
  });

  it('tells all problems of a configuration at once, and ends with status 2', async () => {
    const pod = serve('model_list: []\nfleet_health:\n  lease: soon\n  rise: few\n');
    expect(await pod.exited).toBe(2);
    expect(pod.errors()).toMatch(/proxy_config\.yaml:3:\d+: ALLSWELL_ERR_CONFIG_INVALID: .*lease/);
    expect(pod.errors()).toMatch(/proxy_config\.yaml:4:\d+: ALLSWELL_ERR_CONFIG_INVALID: .*rise/);
  });

  it('says that its port is taken, and ends', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    cleanups.push(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const pod = serve('model_list: []\n', ['--port', String(port)]);
    expect(await pod.exited).toBe(3);
    expect(pod.errors()).toBe(
      `ALLSWELL_ERR_PORT_IN_USE: cannot listen on 127.0.0.1:${port}: another process uses the port\n`,
    );
  });

  it('refuses a port that is none, with the status of a wrong command line', async () => {
    const pod = serve('model_list: []\n', ['--port', '70000']);
    expect(await pod.exited).toBe(2);
    expect(pod.errors()).toContain('whole number from 0 to 65535');
  });

  it('answers keyed routes with 401 while no master key is set, and says once how to set one', async () => {
    const pod = serve('model_list: []\n');
    const url = await pod.url();
    expect((await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer sk-any' } })).status).toBe(401);
    expect(pod.output().match(/WARNING: .*LITELLM_MASTER_KEY/g)).toHaveLength(1);
  });
});

interface SpawnedPod {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output(): string;
  errors(): string;
  /** Where it listens, once it does. */
  url(): Promise<string>;
  get<T>(path: string): Promise<T>;
}

function serve(config: string, flags: readonly string[] = []): SpawnedPod {
  const file = join(mkdtempSync(join(tmpdir(), 'allswell-serve-')), 'proxy_config.yaml');
  writeFileSync(file, config);
  cleanups.push(() => rmSync(join(file, '..'), { recursive: true, force: true }));
  const args = ['src/cli/main.ts', 'serve', '--config', file, '--host', '127.0.0.1', '--port', '0', ...flags];
  const child = spawn(process.execPath, args, {
    env: childEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  pods.push(child);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const url = async (): Promise<string> => {
    const look = (): string | undefined => /listens on (http:\/\/\S+)/.exec(output)?.[1];
    return await until(look, { withinMs: 20_000, what: `the pod to listen, errors: ${errors}` });
  };
  return {
    child,
    exited: once(child, 'close').then(([status]) => status as number | null),
    output: () => output,
    errors: () => errors,
    url,
    get: async <T>(path: string) => {
      const answer = await fetch((await url()) + path, { headers: { authorization: 'Bearer sk-master' } });
      return (await answer.json()) as T;
    },
  };
}

function configOf(apiBase: string, cache: string): string {
  const params = (model: string): string =>
    `litellm_params: { model: openai/${model}, api_base: "${apiBase}", api_key: sk-upstream }`;
  return `
model_list:
  - { model_name: good, ${params('good')} }
  - { model_name: bad, ${params('bad')} }
general_settings:
  master_key: sk-master
  background_health_checks: true
  use_shared_health_check: true
  health_check_interval: 5
litellm_settings:
  cache: true
  ${cache}
`;
}
