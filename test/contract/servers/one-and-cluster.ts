import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { startRedisServer, type RedisServer } from '../../../src/testing/redis-server/index.ts';
import { startCluster, type TestCluster } from './cluster.ts';

/** A single Redis and a cluster, for all tests of a file. */
export interface OneAndCluster {
  readonly one: RedisServer;
  /** A connection to the single one. */
  readonly admin: Redis;
  readonly cluster: TestCluster;
}

/** Starts both before the tests of the file that calls this, and stops them after. Members may be read within tests only. */
export function oneAndCluster(): OneAndCluster {
  let started: OneAndCluster | undefined;
  beforeAll(async () => {
    const one = await startRedisServer();
    started = { one, admin: new Redis(one.url), cluster: await startCluster() };
  });
  afterAll(async () => {
    started?.admin.disconnect();
    await started?.one.stop();
    await started?.cluster.stop();
  });
  const running = (): OneAndCluster => {
    if (started === undefined) throw new Error('read before the servers run');
    return started;
  };
  return {
    get one() {
      return running().one;
    },
    get admin() {
      return running().admin;
    },
    get cluster() {
      return running().cluster;
    },
  };
}
