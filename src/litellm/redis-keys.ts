import { createHash } from 'node:crypto';
import type { ResultsFingerprint } from '../ports/index.ts';

/** Where LiteLLM's pods share their health checks. */
export interface LitellmKeys {
  readonly results: string;
  readonly lock: string;
  /** The results of pods that know no namespace; null where these are the same. */
  readonly unnamespacedResults: string | null;
  /** Ours: the lease of the pod that publishes there. Whatever fleet it is of, there is one for one key of results. */
  readonly lease: string;
}

/** A key under the namespace of LiteLLM's Redis. A key that begins with the namespace is not given it again. */
export function namespaced(namespace: string | null, key: string): string {
  return namespace === null || namespace === '' || key.startsWith(`${namespace}:`) ? key : `${namespace}:${key}`;
}

/** LiteLLM's keys under the namespace of its Redis. */
export function litellmKeys(namespace: string | null): LitellmKeys {
  const named = (key: string): string => namespaced(namespace, key);
  const results = named('health_check_results');
  const bare = 'health_check_results';
  return {
    results,
    lock: named('health_check_lock'),
    unnamespacedResults: results === bare ? null : bare,
    lease: `allswell:bridge:${inSlotOf(results)}`,
  };
}

/** In a cluster a script's keys lie in one slot: that of the part in braces, where there is one. */
function inSlotOf(key: string): string {
  return /^[^{]*\{[^}]+\}/.test(key) ? key : `{${key}}`;
}

/**
 * Who a text says wrote it, if it ends as LiteLLM's results do: a JSON document in a JSON string, and its last field the
 * pod. The end is enough to tell, however long the rest is.
 */
export function checkedByOf(ending: string): string | null {
  return /"checked_by\\": ?\\"([\w.:@-]{1,128})\\"\}"$/.exec(ending)?.[1] ?? null;
}

/** Length of the end of a value that is compared: it contains the timestamp and a long name. */
const FINGERPRINT_BYTES = 512;

/** What a text is known by, here and in the scripts: its length in bytes, and a hash of its end. */
export function fingerprintOf(text: string): ResultsFingerprint {
  const bytes = Buffer.from(text);
  return `${bytes.length}-${createHash('sha1').update(bytes.subarray(-FINGERPRINT_BYTES)).digest('hex')}`;
}

/** The pod in LiteLLM's lock, a JSON string. */
export function lockOwnerOf(text: string): string | null {
  return /^"([\w.:@-]{1,128})"$/.exec(text)?.[1] ?? null;
}
