import type { Grant, PodId, StoreTime, TargetId } from '../health/index.ts';
import type { KeyedHold } from './fleet-holds.ts';
import type { StoreLoss } from './store-answer.ts';
import type { StoredRecord } from './stored-record.ts';

/** Event that the store publishes for an accepted command: one message per batch. */
export type FleetEvent =
  | {
      readonly kind: 'commit';
      readonly epoch: string;
      readonly seq: number;
      readonly at: StoreTime;
      readonly pod: PodId;
      readonly records: readonly { readonly target: TargetId; readonly stored: StoredRecord }[];
    }
  | {
      readonly kind: 'forget';
      readonly epoch: string;
      readonly seq: number;
      readonly at: StoreTime;
      readonly pod: PodId;
      readonly targets: readonly TargetId[];
    }
  | {
      readonly kind: 'hold';
      readonly epoch: string;
      readonly seq: number;
      readonly at: StoreTime;
      readonly pod: PodId;
      readonly holds: readonly KeyedHold[];
    }
  /** Leases claimed, renewed (`until` > `at`) or given back (`until` 0). No sequence: a lost one costs 150 ms at most. */
  | {
      readonly kind: 'lease';
      readonly at: StoreTime;
      readonly pod: PodId;
      readonly leases: readonly { readonly target: TargetId; readonly grant: Grant; readonly until: StoreTime }[];
    };

/** Listener of the push channel. Its methods must not throw. */
export interface StoreListener {
  event(event: FleetEvent): void;
  /**
   * True if the listener uses a row of an event; absent: it uses every row. Other rows are skipped before their body is
   * parsed, so that a flood of them costs little. Called once for each row.
   */
  wants?(kind: FleetEvent['kind'], name: string): boolean;
  /** A message that does not parse; `shown` is a short safe excerpt. */
  garbage(shown: string): void;
  /** The subscription ended by itself. Events may be lost: subscribe again, then resync. */
  dropped(why: string): void;
}

/** An open subscription, or the reason why there is none. */
export type StoreSubscribed =
  | { readonly kind: 'subscribed'; readonly subscription: StoreSubscription }
  | { readonly kind: 'lost'; readonly loss: StoreLoss };

/** An open push channel. */
export interface StoreSubscription {
  /** Tests the channel's connection within the deadline of a command. */
  ping(): Promise<{ readonly kind: 'ok' } | { readonly kind: 'lost'; readonly loss: StoreLoss }>;
  close(): Promise<void>;
}
