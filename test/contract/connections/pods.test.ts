import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { startServer, type RunningServer } from '../../../src/server/index.ts';
import { freePort, startMockUpstream, startRedisServer } from '../../../src/testing/index.ts';
import { until } from '../../../src/testing/until.ts';
import { aclRules } from '../../../src/store/redis/index.ts';
import { startSentinel } from '../servers/sentinel.ts';
import { adminOf, newLog, onEnd, serverFor, type Log } from './support.ts';

const KEY = 'sk-master-of-pods';
const FALLBACK = 'warn Falling back to local health checks: Redis does not answer: ';

describe('a pod', () => {
  it('starts without its Redis, logs the reason once, and shares as soon as Redis is there', async () => {
    const port = await freePort();
    const pod = await startPod({ REDIS_HOST: '127.0.0.1', REDIS_PORT: String(port) });
    expect((await fetch(`${pod.url}/health/liveliness`)).status).toBe(200);
    await until(() => pod.log.of('warn ').length > 0, { withinMs: 10_000, what: 'the warning' });
    expect(pod.log.of('warn ')).toEqual([
      `${FALLBACK}connect ECONNREFUSED 127.0.0.1:${port} (Redis at 127.0.0.1:${port}; nothing listens on this address: check host and port); sharing resumes without a restart when it answers`,
    ]);
    const server = await startRedisServer({ port });
    onEnd(() => server.stop());
    await shared([pod]);
    expect(pod.log.of('warn ')).toHaveLength(1);
  });

  it('reports missing rights of its user, above all that to the channel', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    await admin.call('ACL', 'SETUSER', 'pod', 'on', '>pw', ...aclRules('default').split(' '), 'resetchannels');
    const pod = await startPod({ REDIS_URL: `redis://pod:pw@127.0.0.1:${server.port}` });
    await until(() => pod.log.of('warn ').length > 0, { withinMs: 10_000, what: 'the warning' });
    expect(pod.log.of('warn ')[0]).toMatch(
      /^warn Redis refuses the subscription to the push channel: NOPERM .*; grant what its user lacks: ACL SETUSER <user> ~allswell.*\); this pod rereads all records instead. To fix: allow the channel \(&\) in the user's ACL$/,
    );
    await admin.call('ACL', 'SETUSER', 'pod', '&allswell:{default}:push');
    await shared([pod]);
  });
});

describe('three pods', () => {
  it('go on sharing when the password in their file and on the server changes, and never print it', async () => {
    const [old, next] = ['old-pod-secret', 'new-pod-secret'];
    const server = await serverFor({ password: old });
    const folder = mkdtempSync(join(tmpdir(), 'allswell-rotate-'));
    onEnd(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'password');
    writeFileSync(file, `${old}\n`);
    const env = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(server.port), REDIS_PASSWORD_FILE: file };
    const pods = [await startPod(env), await startPod(env), await startPod(env)];
    await shared(pods);
    const admin = new Redis(server.url);
    onEnd(() => admin.disconnect());
    await admin.config('SET', 'requirepass', next);
    for (const type of ['normal', 'pubsub']) await admin.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
    await until(() => pods.every(({ log }) => log.lines.some((line) => line.includes('WRONGPASS'))), {
      withinMs: 10_000,
      what: 'the refusal in every pod',
    });
    writeFileSync(file, next);
    await shared(pods);
    const said = pods.flatMap(({ log }) => log.lines).join('\n') + (await bodies(pods));
    expect(said).not.toContain(old);
    expect(said).not.toContain(next);
  }, 60_000);

  it('follow a failover that the sentinels decide on', async () => {
    const secrets = { password: 'pw-of-servers', sentinelPassword: 'pw-of-sentinels' };
    const setup = await startSentinel(secrets);
    onEnd(() => setup.stop());
    if (setup.connection.kind !== 'sentinel') throw new Error('not what was started');
    const env = {
      REDIS_SENTINEL_NODES: JSON.stringify(setup.connection.sentinels.map(({ host, port }) => [host, port])),
      REDIS_SERVICE_NAME: setup.connection.name,
      REDIS_PASSWORD: secrets.password,
      REDIS_SENTINEL_PASSWORD: secrets.sentinelPassword,
    };
    const pods = [await startPod(env), await startPod(env), await startPod(env)];
    await shared(pods);
    await setup.master.kill();
    const replica = new Redis(setup.replica.url);
    onEnd(() => replica.disconnect());
    await until(async () => (await replica.info('replication')).includes('role:master'), {
      withinMs: 20_000,
      what: 'the failover',
    });
    await shared(pods);
    expect(await replica.hlen('allswell:{default}:pods')).toBeGreaterThanOrEqual(pods.length);
    expect(pods.flatMap(({ log }) => log.lines).join('\n')).not.toContain('pw-of-');
  }, 60_000);
});

interface Pod {
  readonly url: string;
  readonly log: Log;
  readonly server: RunningServer;
}

/** A pod in this process that shares through the Redis of its environment. */
async function startPod(env: Readonly<Record<string, string>>): Promise<Pod> {
  const upstream = await startMockUpstream();
  onEnd(() => upstream.close());
  const text = `
model_list:
  - model_name: m
    litellm_params: { model: openai/m, api_base: "${upstream.url}/v1", api_key: sk-upstream-of-pods }
general_settings: { background_health_checks: true, use_shared_health_check: true, health_check_interval: 5 }
`;
  const loaded = loadConfig({ text, env: { LITELLM_MASTER_KEY: KEY, ...env }, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const log = newLog();
  const options = { host: '127.0.0.1', port: 0, drainMs: 100, createLogger: () => log.logger };
  const server = await startServer(loaded.config, options);
  onEnd(() => server.stop());
  return { url: `http://127.0.0.1:${server.port}`, log, server };
}

/** Waits until every pod shares and knows all of them. */
async function shared(pods: readonly Pod[]): Promise<void> {
  await until(
    async () => {
      const seen = await Promise.all(pods.map(async (pod) => await ask(pod, '/health/shared-status')));
      return seen.every((text) => /"mode":"shared"/.test(text) && /"redis_available":true/.test(text)) ? seen : false;
    },
    { withinMs: 20_000, what: `${pods.length} pods that share` },
  );
}

async function bodies(pods: readonly Pod[]): Promise<string> {
  const paths = ['/health/shared-status', '/fleet', '/health', '/metrics', '/metrics/fleet'];
  return (await Promise.all(pods.flatMap((pod) => paths.map(async (path) => await ask(pod, path))))).join('\n');
}

async function ask({ url }: Pod, path: string): Promise<string> {
  return await (await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${KEY}` } })).text();
}
