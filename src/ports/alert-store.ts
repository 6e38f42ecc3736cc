import type { PodId, StoreTime, Version } from '../health/index.ts';
import type { StoreAnswer } from './store-answer.ts';

/**
 * What the pods of a fleet share of their alerts: the lease of the one pod that sends them, and one document. As in
 * {@link FleetStore}, every method is bounded in time and never rejects, and a write does nothing once the store's clock is
 * past its `notAfter`.
 */
export interface AlertStore {
  /** Takes the lease, or extends it if this pod holds it; with a `ttlMs` of 0 gives it back. */
  lead(input: LeadAlerts): Promise<StoreAnswer<AlertLead>>;
  /** Replaces the document, of at most 2 MiB. Refused without a live lease, and if the document has another version than expected. */
  write(input: WriteAlerts): Promise<StoreAnswer<AlertsWritten>>;
}

/** Request for the lease. `ttlMs` is equal in all pods; nothing is done past `notAfter`. */
export interface LeadAlerts {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
  /** Version of the document that the pod has; 0 for none. */
  readonly known: Version;
  /** Absent: the pod leaves none, and reads those of all others. */
  readonly report?: AlertReport | undefined;
}

/**
 * What a pod sees that the holder may lack, because the two have different configurations. It counts for 15 s, and is dropped if
 * it has more than 300,000 bytes.
 */
export interface AlertReport {
  /** Name for what the pod's configuration has: pods with an equal one share a report, and do not read it. */
  readonly view: string;
  /** Empty for nothing to report. */
  readonly text: string;
}

/** Holder of the lease, and the document. */
export interface AlertLead {
  /** Null after the lease was given back. */
  readonly pod: PodId | null;
  readonly until: StoreTime;
  /** Version of the stored document; 0 for none. */
  readonly version: Version;
  /** Null if it has the version that the pod has, or if there is none. */
  readonly text: string | null;
  /** For the holder: the reports of other views, at most 8. Empty for others. */
  readonly reports: readonly string[];
}

/** A document to write in place of the one of version `expects`; nothing is done past `notAfter`. */
export interface WriteAlerts {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly expects: Version;
  /** The new version is larger than it: that of a document which the store has lost. */
  readonly above: Version;
  readonly text: string;
}

/** `refused`: the pod does not hold the lease, or the document has another version. */
export type AlertsWritten = { readonly kind: 'written'; readonly version: Version } | { readonly kind: 'refused' };
