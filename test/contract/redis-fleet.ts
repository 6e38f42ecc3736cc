import { Redis, type Cluster } from 'ioredis';
import type { FleetStore, Logger, RedisTarget } from '../../src/ports/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/until.ts';
import type { FleetStoreUnderTest, Key } from './fleet-store/under-test.ts';

export const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export const realClock = {
  monotonicMs: (): number => performance.now(),
  wallMs: (): number => Date.now(),
  setTimer: (delayMs: number, run: () => void): { cancel(): void } => {
    const timer = setTimeout(run, delayMs).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

let fleets = 0;

/** A name that no other test uses. */
export function newFleetName(): string {
  fleets += 1;
  return `fleet${process.pid}-${fleets}`;
}

/** A store that answers: connecting takes a moment, and until then it answers `lost`. */
export async function connected(connection: RedisTarget, fleet: string): Promise<FleetStore> {
  const store = openRedisStore({ fleet, connection, clock: realClock, logger: quiet, commandTimeoutMs: 2_000 });
  await until(async () => (await store.time()).kind === 'ok', { withinMs: 10_000, what: 'the store to connect' });
  return store;
}

/**
 * A fleet of its own on a server that others may use, too.
 *
 * @param admin a client that may do anything, kept by the caller
 */
export function redisFleet(
  connection: RedisTarget,
  admin: Redis | Cluster,
  fleet: string = newFleetName(),
): FleetStoreUnderTest {
  const key = (name: Key): string => `allswell:{${fleet}}:${name}`;
  const keys = (['records', 'leases', 'pods', 'holds', 'budget', 'history'] as const).map(key);
  const command = admin instanceof Redis ? 'publish' : 'spublish';
  return {
    open: () => connected(connection, fleet),
    plant: async (name, field, text) => void (await admin.hset(key(name), field, text)),
    texts: async (name) => new Map(Object.entries(await admin.hgetall(key(name)))),
    flush: async () => void (await admin.del(...keys)),
    publishGarbage: async (text) => void (await admin[command](`allswell:{${fleet}}:push`, text)),
    close: async () => void (await admin.del(...keys)),
  };
}
