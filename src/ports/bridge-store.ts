import type { PodId, StoreTime } from '../health/index.ts';
import type { StoreAnswer } from './store-answer.ts';

/**
 * The keys through which LiteLLM's pods share their health checks, and the lease of the one pod of ours that writes
 * there. Like {@link FleetStore}, every method is bounded in time and never rejects, and what writes does nothing once
 * the store's clock is past its `notAfter`. LiteLLM's lock is only ever read.
 */
export interface BridgeStore {
  /** Takes the lease, or extends it where it is ours. */
  lead(input: LeadInput): Promise<StoreAnswer<Leader>>;
  /** Gives the lease back, if it is ours. */
  resign(input: Pick<LeadInput, 'pod' | 'notAfter'>): Promise<StoreAnswer<null>>;
  /** Puts a text where LiteLLM's pods look for results, whatever is there. Refused without the lease. */
  publish(input: PublishInput): Promise<StoreAnswer<Published>>;
  /** Takes away what was seen in the place of results, where it still lies there. Does nothing without the lease. */
  retract(input: RetractInput): Promise<StoreAnswer<Retracted>>;
  /** What lies there now, and who holds LiteLLM's lock. */
  readResults(published: ResultsFingerprint | null): Promise<StoreAnswer<Seen>>;
  /** All that lies where LiteLLM's pods look for results; '' where that is nothing, no text, or longer than this. */
  readText(mostBytes: number): Promise<StoreAnswer<string>>;
  /** What lies where pods that were told no namespace look for results; null where that is the same place. */
  readUnnamespaced(): Promise<StoreAnswer<UnnamespacedResults> | null>;
  /** The key of the results, namespace and all. */
  readonly resultsKey: string;
}

/** Asks to be the pod that publishes, for `ttlMs`, the same for all pods; nothing is done past `notAfter`. */
export interface LeadInput {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
}

/** Who may publish, and until when: the asking pod, or the one that was first. */
export interface Leader {
  readonly pod: PodId;
  readonly until: StoreTime;
}

/** The document for LiteLLM, byte for byte, and how long it lives, ms; nothing is done past `notAfter`. */
export interface PublishInput {
  readonly pod: PodId;
  readonly text: string;
  readonly lifeMs: number;
  readonly notAfter: StoreTime;
}

/** What was seen; nothing is done past `notAfter`. */
export interface RetractInput {
  readonly pod: PodId;
  readonly print: ResultsFingerprint;
  readonly notAfter: StoreTime;
}

/** `refused`: the pod does not lead, or leads no longer. */
export type Published =
  | { readonly kind: 'published'; readonly print: ResultsFingerprint }
  | { readonly kind: 'refused' };

/** `left`: something else lies there by now, or the pod does not lead. */
export type Retracted = 'taken' | 'left';

/**
 * What tells one text from another at a cost that does not grow with it: its length, and a hash of its end, in which
 * results have the time of vouching and the pod. Also of a value that is no text.
 */
export type ResultsFingerprint = string;

/** What lies under LiteLLM's keys now. */
export interface Seen {
  readonly results: SeenResults;
  /** Pod that holds LiteLLM's lock; null while none does. */
  readonly lockOwner: string | null;
}

/** Results that were written without the namespace. */
export interface UnnamespacedResults {
  readonly key: string;
  readonly results: SeenResults;
}

/** The results compared with what was published last. */
export type SeenResults =
  | { readonly kind: 'none' }
  | { readonly kind: 'published'; readonly print: ResultsFingerprint }
  /** Something else; by whom, where it says so as LiteLLM's results do. */
  | { readonly kind: 'other'; readonly print: ResultsFingerprint; readonly checkedBy: string | null };
