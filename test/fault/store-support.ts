import { Redis } from 'ioredis';
import { afterEach } from 'vitest';
import type { FleetStore, Logger, RedisTarget, StoreAnswer, StoreLoss } from '../../src/ports/index.ts';
import { openRedisStore, type RedisStore } from '../../src/store/redis/index.ts';
import { startRedisServer, type RedisServer, type RedisServerOptions } from '../../src/testing/redis-server/index.ts';
import { until } from '../../src/testing/until.ts';
import { quiet, realClock } from '../contract/redis-fleet.ts';

export const FLEET = 'fault';
export const KEYS: Readonly<Record<'records' | 'leases' | 'pods' | 'holds', string>> = {
  records: `allswell:{${FLEET}}:records`,
  leases: `allswell:{${FLEET}}:leases`,
  pods: `allswell:{${FLEET}}:pods`,
  holds: `allswell:{${FLEET}}:holds`,
};

/** Deadline of one command as it is delivered. */
export const DEADLINE_MS = 250;
/** What a busy machine may add to it. */
export const SLACK_MS = 200;

const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export function onEnd(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

export async function serverFor(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedisServer(options);
  onEnd(() => server.stop());
  return server;
}

export function adminOf(server: RedisServer): Redis {
  const admin = new Redis(server.url, { retryStrategy: () => 50 });
  admin.on('error', () => undefined);
  onEnd(() => admin.disconnect());
  return admin;
}

export function targetOf(server: RedisServer): Extract<RedisTarget, { kind: 'single' }> {
  return { kind: 'single', host: server.host, port: server.port };
}

export function openStore(connection: RedisTarget, logger: Logger = quiet): RedisStore {
  const store = openRedisStore({ fleet: FLEET, connection, clock: realClock, logger });
  onEnd(() => store.close());
  return store;
}

export async function openConnected(server: RedisServer): Promise<RedisStore> {
  const store = openStore(targetOf(server));
  await answering(store, 5_000);
  return store;
}

/** Waits until the store answers; how long that took, ms. */
export async function answering(store: FleetStore, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  await until(async () => (await store.time()).kind === 'ok', { withinMs, what: 'the store to answer' });
  return performance.now() - startedAt;
}

export function lossOf(answer: StoreAnswer<unknown>): StoreLoss {
  if (answer.kind !== 'lost') throw new Error(`expected a loss, got ${JSON.stringify(answer)}`);
  return answer.loss;
}

/** An answer and how long it took. */
export async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const startedAt = performance.now();
  const value = await work;
  return { value, ms: performance.now() - startedAt };
}
