import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { alertsOnRedis } from './alert-redis.ts';
import { describeAlertStore } from './alert-store.ts';
import { describeFleetStore } from './fleet-store.ts';
import { redisFleet } from './redis-fleet.ts';

const bin = findValkey();
const reason = 'no valkey-server on PATH, and VALKEY_SERVER_BIN is not set';

describe.skipIf(bin === undefined)(bin === undefined ? `valkey (skipped: ${reason})` : 'valkey', () => {
  let server: RedisServer;
  let admin: Redis;

  beforeAll(async () => {
    server = await startRedisServer({ program: { bin: bin ?? '', env: {}, source: 'PATH' } });
    admin = new Redis(server.url);
  });

  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  describeFleetStore('store', () =>
    Promise.resolve(redisFleet({ kind: 'single', host: server.host, port: server.port }, admin)),
  );

  describeAlertStore('store', () =>
    Promise.resolve(alertsOnRedis({ kind: 'single', host: server.host, port: server.port }, admin)),
  );
});

function findValkey(): string | undefined {
  const named = process.env['VALKEY_SERVER_BIN'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders
    .map((folder) => join(folder, 'valkey-server'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
