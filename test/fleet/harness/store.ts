import { Redis } from 'ioredis';
import type { RedisServer } from '../../../src/testing/index.ts';
import { SECRETS } from './config.ts';

/** The fleet's keys, when the configuration gives it no name. */
export const KEYS = {
  records: 'allswell:{default}:records',
  leases: 'allswell:{default}:leases',
  pods: 'allswell:{default}:pods',
  holds: 'allswell:{default}:holds',
  budget: 'allswell:{default}:budget',
  history: 'allswell:{default}:history',
  limits: 'allswell:{default}:limits',
  channel: 'allswell:{default}:push',
} as const;

/** A lease as stored in Redis. */
export interface SeenLease {
  readonly target: string;
  readonly grant: string;
  readonly pod: string;
  /** Epoch milliseconds; 0 once it was given back. */
  readonly until: number;
}

/** A tester's own connection, which survives whatever happens to the server. */
export function connectTo(server: RedisServer): Redis {
  const redis = new Redis(server.port, server.host, {
    password: SECRETS.redisPassword,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
  });
  redis.on('error', () => undefined);
  return redis;
}

/** All leases, those given back too. */
export async function leasesIn(redis: Redis): Promise<SeenLease[]> {
  const texts = await redis.hgetall(KEYS.leases);
  return Object.entries(texts).map(([target, text]) => {
    const [grant = '', pod = '', until] = text.split(' ');
    return { target, grant, pod, until: Number(until) / 1000 };
  });
}

/** Leases that still hold, by this machine's clock, which is the server's too. */
export async function liveLeasesIn(redis: Redis): Promise<SeenLease[]> {
  return (await leasesIn(redis)).filter(({ until }) => until > Date.now());
}

/** Ids of the targets that have a record. */
export async function recordedIn(redis: Redis): Promise<string[]> {
  return (await redis.hkeys(KEYS.records)).filter((field) => !field.startsWith('!'));
}
