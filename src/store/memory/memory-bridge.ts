import type { PodId } from '../../health/index.ts';
import type { BridgeStore, ResultsFingerprint, SeenResults, StoreAnswer } from '../../ports/index.ts';
import { wholeMs, wholeStamp } from '../format/index.ts';
import { checkedByOf, litellmKeys, lockOwnerOf, fingerprintOf } from '../../litellm/index.ts';

export interface MemoryBridgeOptions {
  /** The store's clock, microseconds. */
  readonly clockUs: () => number;
  readonly namespace?: string;
}

/** LiteLLM's keys in one process, with access for tests. */
export interface MemoryBridge {
  /** A pod's own handle. */
  open(): BridgeStore;
  /** Value of a key; undefined for none. No use of it: see `use`. */
  read(key: string): string | undefined;
  /** Reads a key as another program would. */
  use(key: string): void;
  /** Time until a key expires, ms; 0 for none. */
  lifeMs(key: string): number;
  /** Writes or deletes a value as another program would. */
  plant(key: string, text: string | undefined): void;
  /** Loses all keys, as a failover or a full memory does. */
  lose(): void;
}

/** A bridge store in one process, for tests and for pods in one process. */
export function memoryBridge({ clockUs, namespace }: MemoryBridgeOptions): MemoryBridge {
  const keys = litellmKeys(namespace ?? null);
  const texts = new Map<string, { text: string; until: number }>();
  /** Redis counts whole seconds. */
  const usedAtS = new Map<string, number>();
  const use = (key: string): void => void usedAtS.set(key, Math.floor(clockUs() / 1_000_000));
  let lease: { pod: PodId; until: number } | undefined;
  const read = (key: string): string | undefined => {
    const found = texts.get(key);
    return found !== undefined && found.until > clockUs() ? found.text : undefined;
  };
  const run = <T>(notAfter: number, work: (now: number) => T): Promise<StoreAnswer<T>> => {
    const now = clockUs();
    const meta = { epoch: '', seq: 0, now };
    if (now > wholeStamp(notAfter)) return Promise.resolve({ kind: 'too-late', meta });
    return Promise.resolve({ kind: 'ok', meta, value: work(now) });
  };
  const textOf = (maxBytes: number): string => {
    use(keys.results);
    const text = read(keys.results) ?? '';
    return Buffer.byteLength(text) > maxBytes ? '' : text;
  };
  const open = (): BridgeStore => ({
    resultsKey: keys.results,
    lead: ({ pod, ttlMs, notAfter }) =>
      run(notAfter, (now) => {
        const most = now + wholeMs(ttlMs) * 1_000;
        const taken = lease !== undefined && lease.until > now && lease.until <= most;
        if (lease !== undefined && taken && lease.pod !== pod) return { ...lease };
        return (lease = { pod, until: most });
      }),
    resign: ({ pod, notAfter }) =>
      run(notAfter, () => {
        if (lease?.pod === pod) lease = undefined;
        return null;
      }),
    publish: ({ pod, text, lifeMs, notAfter }) =>
      run(notAfter, (now) => {
        if (lease === undefined || lease.until <= now || lease.pod !== pod) return { kind: 'refused' };
        texts.set(keys.results, { text, until: now + wholeMs(lifeMs) * 1_000 });
        use(keys.results);
        return { kind: 'published', fingerprint: fingerprintOf(text) };
      }),
    retract: ({ pod, fingerprint, notAfter }) =>
      run(notAfter, (now) => {
        const leads = lease !== undefined && lease.until > now && lease.pod === pod;
        const text = read(keys.results);
        if (!leads || text === undefined || fingerprintOf(text) !== fingerprint) return 'kept';
        texts.delete(keys.results);
        return 'removed';
      }),
    readAccess: () =>
      run(Infinity, (now) => {
        const found = read(keys.results) === undefined ? undefined : texts.get(keys.results);
        const idleS = Math.floor(now / 1_000_000) - (usedAtS.get(keys.results) ?? 0);
        return {
          lifeMs: found === undefined || found.until === Infinity ? null : Math.round((found.until - now) / 1_000),
          idleMs: found === undefined ? null : idleS * 1_000,
          lockOwner: lockOwnerOf(read(keys.lock) ?? ''),
        };
      }),
    readText: (maxBytes) => run(Infinity, () => textOf(maxBytes)),
    readTextUnseen: (maxBytes) =>
      run(Infinity, (now) => {
        const isIdle = Math.floor(now / 1_000_000) > (usedAtS.get(keys.results) ?? 0);
        return isIdle && read(keys.results) !== undefined ? null : textOf(maxBytes);
      }),
    readUnnamespaced: async () => {
      const { unnamespacedResults: key } = keys;
      return key === null ? null : await run(Infinity, () => ({ key, results: seenIn(read(key), null) }));
    },
    readResults: (published) =>
      run(Infinity, () => {
        use(keys.results);
        return { results: seenIn(read(keys.results), published), lockOwner: lockOwnerOf(read(keys.lock) ?? '') };
      }),
  });
  const plant = (key: string, text: string | undefined): void => {
    use(key);
    if (text === undefined) texts.delete(key);
    else texts.set(key, { text, until: Infinity });
  };
  const lifeMs = (key: string): number => Math.max(0, ((texts.get(key)?.until ?? 0) - clockUs()) / 1_000);
  const lose = (): void => {
    texts.clear();
    lease = undefined;
  };
  return { open, read, use, lifeMs, plant, lose };
}

function seenIn(text: string | undefined, published: ResultsFingerprint | null): SeenResults {
  if (text === undefined) return { kind: 'none' };
  const fingerprint = fingerprintOf(text);
  if (fingerprint === published) return { kind: 'published', fingerprint };
  return { kind: 'other', fingerprint, checkedBy: checkedByOf(text.slice(-256)) };
}
