import type { PodId, StoreTime } from '../health/index.ts';
import type { StoreAnswer } from './store-answer.ts';

/**
 * The Redis keys through which LiteLLM's pods share health check results, and the lease of the one allswell pod that writes
 * them. As in {@link FleetStore}, every method is bounded in time and never rejects, and a write does nothing once the
 * store's clock is past its `notAfter`. LiteLLM's lock is never written.
 */
export interface BridgeStore {
  /** Takes the bridge lease, or extends it if this pod holds it. */
  lead(input: LeadInput): Promise<StoreAnswer<Leader>>;
  /** Gives the lease back, if this pod holds it. */
  resign(input: Pick<LeadInput, 'pod' | 'notAfter'>): Promise<StoreAnswer<null>>;
  /** Overwrites LiteLLM's results. Refused without the lease. */
  publish(input: PublishInput): Promise<StoreAnswer<Published>>;
  /** Deletes the results if their fingerprint is still the one given. Does nothing without the lease. */
  retract(input: RetractInput): Promise<StoreAnswer<Retracted>>;
  /** The results as they are now, and the holder of LiteLLM's lock. */
  readResults(published: ResultsFingerprint | null): Promise<StoreAnswer<Seen>>;
  /** Expiry and last use of the results, and the holder of LiteLLM's lock. Does not count as a use of the results. */
  readAccess(): Promise<StoreAnswer<ResultsAccess>>;
  /** The text of the results; '' if there is none, if it is not a string, or if it is longer than `maxBytes`. */
  readText(maxBytes: number): Promise<StoreAnswer<string>>;
  /**
   * The same, where {@link BridgeStore.readAccess} does not show this read as a use: in the second of the last use. Null at any
   * other time. A pod that publishes writes the results every few seconds, so ask again until then.
   */
  readTextUnseen(maxBytes: number): Promise<StoreAnswer<string | null>>;
  /** The results of LiteLLM pods that are configured without the namespace; null if this store has none either. */
  readUnnamespaced(): Promise<StoreAnswer<UnnamespacedResults> | null>;
  /** Key of the results, with namespace. */
  readonly resultsKey: string;
}

/** Request for the bridge lease. `ttlMs` is equal in all pods; nothing is done past `notAfter`. */
export interface LeadInput {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
}

/** Holder of the bridge lease, this pod or another one, and the end of the lease. */
export interface Leader {
  readonly pod: PodId;
  readonly until: StoreTime;
}

/** Results to publish, byte for byte, and their expiry, ms; nothing is done past `notAfter`. */
export interface PublishInput {
  readonly pod: PodId;
  readonly text: string;
  readonly lifeMs: number;
  readonly notAfter: StoreTime;
}

/** Results to delete, by fingerprint; nothing is done past `notAfter`. */
export interface RetractInput {
  readonly pod: PodId;
  readonly fingerprint: ResultsFingerprint;
  readonly notAfter: StoreTime;
}

/** `refused`: the pod does not hold the lease. */
export type Published =
  | { readonly kind: 'published'; readonly fingerprint: ResultsFingerprint }
  | { readonly kind: 'refused' };

/** `kept`: other results are there by now, or the pod does not hold the lease. */
export type Retracted = 'removed' | 'kept';

/**
 * Fingerprint of the results: length and a hash of the end, which contains time and pod. Its cost does not grow with the
 * length. A value that is not a string has one, too.
 */
export type ResultsFingerprint = string;

/** State of LiteLLM's keys. */
export interface Seen {
  readonly results: SeenResults;
  /** LiteLLM pod that holds LiteLLM's lock; null for none. */
  readonly lockOwner: string | null;
}

/** When the results expire and when a client last read or wrote them. */
export interface ResultsAccess {
  /** Time until they expire, ms; null if there are none, or without expiry. */
  readonly lifeMs: number | null;
  /** Time since the last use, ms, in whole seconds; null if the store does not tell. */
  readonly idleMs: number | null;
  readonly lockOwner: string | null;
}

/** Results under the key without the namespace. */
export interface UnnamespacedResults {
  readonly key: string;
  readonly results: SeenResults;
}

/** The results, compared with those published last. */
export type SeenResults =
  | { readonly kind: 'none' }
  | { readonly kind: 'published'; readonly fingerprint: ResultsFingerprint }
  /** Other results. `checkedBy`: their author, if they name it as LiteLLM's do. */
  | { readonly kind: 'other'; readonly fingerprint: ResultsFingerprint; readonly checkedBy: string | null };
