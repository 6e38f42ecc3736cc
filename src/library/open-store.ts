import type { FleetStore, Logger, RedisTarget } from '../ports/index.ts';
import { memoryFleet } from '../store/memory/index.ts';
import { steadyEpochUs, systemClock, systemRandom } from '../system/index.ts';
import type { JoinOptions } from './options.ts';
import { STORE_DEADLINE_MS } from './settings.ts';

/** The store of the fleet. */
export interface LibraryStore {
  readonly store: FleetStore;
  close(): Promise<void>;
}

/** Redis where it was given, else memory. The client of Redis is loaded only where it is used. */
export async function openLibraryStore(
  { redis }: Pick<JoinOptions, 'redis'>,
  { fleet, logger }: { readonly fleet: string; readonly logger: Logger },
): Promise<LibraryStore> {
  if (redis === undefined) {
    const store = memoryFleet({ clockUs: steadyEpochUs }).open();
    return { store, close: async () => await store.close() };
  }
  const connection = typeof redis === 'string' ? connectionOf(redis) : redis;
  const { openRedisStore } = await import('../store/redis/index.ts');
  const store = openRedisStore({
    fleet,
    connection,
    commandTimeoutMs: STORE_DEADLINE_MS,
    logger,
    clock: systemClock,
    jitter: () => systemRandom.next(),
  });
  return { store, close: async () => await store.close() };
}

/** The text is not repeated in the error: it has the password in it. */
function connectionOf(url: string): RedisTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol)) {
    throw new TypeError('redis must be a URL that starts with redis:// or rediss://');
  }
  return { kind: 'url', url, ...(parsed.protocol === 'rediss:' && { tls: { verify: 'full' } as const }) };
}
