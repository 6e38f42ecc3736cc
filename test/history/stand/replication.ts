import { Redis } from 'ioredis';
import { until } from '../../../src/testing/index.ts';
import type { RedisServer } from '../../../src/testing/index.ts';

/** Asks a server about its replication. */
async function replicationOf(server: RedisServer): Promise<string> {
  const redis = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    return await redis.info('replication');
  } finally {
    redis.disconnect();
  }
}

export async function isPrimary(server: RedisServer): Promise<boolean> {
  return (await replicationOf(server)).includes('role:master');
}

/** Waits until a server is a replica that has all data of its primary. */
export async function inStep(server: RedisServer): Promise<void> {
  const look = async (): Promise<boolean> => (await replicationOf(server)).includes('master_link_status:up');
  await until(look, { withinMs: 20_000, what: 'the replica to be in step', everyMs: 50 });
}
