import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { freePort, requireRedis, startRedisServer, type RedisServer } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';

export interface TestSentinel {
  readonly connection: Extract<RedisTarget, { readonly kind: 'sentinel' }>;
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** Speaks to the sentinel. */
  readonly sentinel: Redis;
  stop(): Promise<void>;
}

const NAME = 'fleetmaster';

export interface SentinelSecrets {
  /** Of the servers. */
  readonly password?: string;
  readonly sentinelPassword?: string;
}

/** A master, a replica in step with it, and one sentinel that watches them and decides alone. */
export async function startSentinel({ password, sentinelPassword }: SentinelSecrets = {}): Promise<TestSentinel> {
  const login = password === undefined ? {} : { password };
  const started = { ...login, args: password === undefined ? [] : ['--masterauth', password] };
  const [master, replica] = await Promise.all([startRedisServer(started), startRedisServer(started)]);
  const second = new Redis(replica.url);
  await second.replicaof(master.host, master.port);
  const folder = mkdtempSync(join(tmpdir(), 'allswell-sentinel-'));
  const port = await freePort();
  const config = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${folder}`,
    `sentinel monitor ${NAME} ${master.host} ${master.port} 1`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 2000`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${NAME} ${password}`]),
    ...(sentinelPassword === undefined ? [] : [`requirepass ${sentinelPassword}`]),
  ];
  writeFileSync(join(folder, 'sentinel.conf'), `${config.join('\n')}\n`);
  const program = await requireRedis();
  const child = spawn(program.bin, [join(folder, 'sentinel.conf'), '--sentinel'], {
    env: { ...process.env, ...program.env },
    stdio: 'ignore',
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const own = sentinelPassword === undefined ? {} : { password: sentinelPassword };
  const sentinel = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50, ...own });
  sentinel.on('error', () => undefined);
  await until(async () => (await second.info('replication')).includes('master_link_status:up'), {
    withinMs: 20_000,
    what: 'the replica to be in step',
  });
  await until(async () => ((await sentinel.call('SENTINEL', 'REPLICAS', NAME)) as unknown[]).length === 1, {
    withinMs: 20_000,
    what: 'the sentinel to know the replica',
  });
  second.disconnect();
  return {
    connection: {
      kind: 'sentinel',
      sentinels: [{ host: '127.0.0.1', port }],
      name: NAME,
      ...login,
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    },
    master,
    replica,
    sentinel,
    stop: async () => {
      sentinel.disconnect();
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
      process.off('exit', killWithUs);
      await Promise.all([master.stop(), replica.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
