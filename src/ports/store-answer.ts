import type { StoreTime } from '../health/index.ts';

/**
 * How far a stamp in the store or on its channel may be ahead of the store's clock: a day. No version of allswell writes later
 * ones, unless the clock was set back since. Data with a later stamp could not be replaced until that time.
 */
export const MAX_AHEAD_US = 86_400_000_000;

/** Part of every answer of the store. */
export interface StoreMeta {
  /** Random name of one lifetime of the data; '' before the first write. Another epoch: the store lost its data. */
  readonly epoch: string;
  /** Number of events of this epoch so far, lease events not counted. */
  readonly seq: number;
  readonly now: StoreTime;
}

/** Result of a command. A lost store is a result, not an exception. */
export type StoreAnswer<T> =
  | { readonly kind: 'ok'; readonly meta: StoreMeta; readonly value: T }
  /** The store's clock was past `notAfter`: nothing was done. */
  | { readonly kind: 'too-late'; readonly meta: StoreMeta }
  | { readonly kind: 'lost'; readonly loss: StoreLoss };

/** Reason why the store did not answer. In all cases the pod works without the store and does not retry at once. */
export interface StoreLoss {
  readonly code:
    | 'timeout'
    | 'disconnected'
    | 'out-of-memory'
    | 'loading'
    | 'read-only'
    | 'try-again'
    | 'no-permission'
    | 'cluster-down'
    | 'circuit-open'
    | 'error';
  /** One line without arguments, bodies or credentials. */
  readonly message: string;
}
