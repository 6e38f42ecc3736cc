import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { freePort, requireRedis } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';
import { startTlsServer, tlsFiles } from './tls.ts';

export interface TlsSentinel {
  readonly connection: Extract<RedisTarget, { kind: 'sentinel' }>;
  stop(): Promise<void>;
}

const NAME = 'fleetmaster';

/** A master and a sentinel that watches it. Both speak TLS alone, know each other by name, and want certificates of clients. */
export async function startTlsSentinel(): Promise<TlsSentinel> {
  const master = await startTlsServer(['--tls-replication', 'yes'], 'with a certificate');
  const folder = mkdtempSync(join(tmpdir(), 'allswell-tls-sentinel-'));
  const port = await freePort();
  const config = [
    'bind 127.0.0.1',
    'port 0',
    `tls-port ${port}`,
    'tls-auth-clients yes',
    'tls-replication yes',
    ...tlsFiles(master.folder).map(([name, file]) => `${name} ${file}`),
    `dir ${folder}`,
    'sentinel resolve-hostnames yes',
    'sentinel announce-hostnames yes',
    `sentinel monitor ${NAME} localhost ${master.tlsPort} 1`,
  ];
  writeFileSync(join(folder, 'sentinel.conf'), `${config.join('\n')}\n`);
  const program = await requireRedis();
  const child = spawn(program.bin, [join(folder, 'sentinel.conf'), '--sentinel'], {
    env: { ...process.env, ...program.env },
    stdio: 'ignore',
  });
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const { ca, client } = master;
  const own = { ca, cert: client.certificate, key: client.key };
  const sentinel = new Redis({ host: 'localhost', port, retryStrategy: () => 50, tls: own });
  sentinel.on('error', () => undefined);
  await until(async () => String(await sentinel.call('SENTINEL', 'MASTER', NAME)).includes(',master,'), {
    withinMs: 20_000,
    what: 'the sentinel to know its master',
  });
  sentinel.disconnect();
  return {
    connection: {
      kind: 'sentinel',
      sentinels: [{ host: 'localhost', port }],
      name: NAME,
      tls: { ca, verify: 'full', client },
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
      process.off('exit', killWithUs);
      await master.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
