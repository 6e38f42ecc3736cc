import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { describeFleetStore } from './fleet-store.ts';
import { redisFleet } from './redis-fleet.ts';

let server: RedisServer;
let admin: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
});

afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

describeFleetStore('redis', () =>
  Promise.resolve(redisFleet({ kind: 'single', host: server.host, port: server.port }, admin)),
);
