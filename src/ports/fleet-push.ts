import type { Grant, PodId, StoreTime, TargetId } from '../health/index.ts';
import type { KeyedHold } from './fleet-holds.ts';
import type { StoreLoss } from './store-answer.ts';
import type { StoredRecord } from './stored-record.ts';

/** What the store publishes when a command was accepted: one message per batch. */
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
  /** Claimed, renewed (`until` > `at`) or given back (`until` 0). Carries no sequence: losing one costs 150 ms at most. */
  | {
      readonly kind: 'lease';
      readonly at: StoreTime;
      readonly pod: PodId;
      readonly leases: readonly { readonly target: TargetId; readonly grant: Grant; readonly until: StoreTime }[];
    };

/** Who is told what the store pushes. Nothing here may throw. */
export interface StoreListener {
  event(event: FleetEvent): void;
  /**
   * Whether a row of an event is of use; absent: every row is. A row that is not is left out of the event before its body
   * is read, so that a flood of such rows costs little. Asked once for each row.
   */
  wants?(kind: FleetEvent['kind'], name: string): boolean;
  /** A message on the channel that does not parse; `shown` is a short safe excerpt. */
  garbage(shown: string): void;
  /** The subscription ended without being asked to. Events may have been missed: subscribe again, then resync. */
  dropped(why: string): void;
}

/** A subscription that works now, or why there is none. */
export type StoreSubscribed =
  | { readonly kind: 'subscribed'; readonly subscription: StoreSubscription }
  | { readonly kind: 'lost'; readonly loss: StoreLoss };

/** An open push channel. A dead one says so to a ping, within the deadline of a command. */
export interface StoreSubscription {
  /** Proves that the channel's connection still answers. */
  ping(): Promise<{ readonly kind: 'ok' } | { readonly kind: 'lost'; readonly loss: StoreLoss }>;
  close(): Promise<void>;
}
