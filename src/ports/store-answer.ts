import type { StoreTime } from '../health/index.ts';

/**
 * How far ahead of the store's clock a stamp is believed, in the store and on its channel: a day. No version of the product
 * writes later ones, unless that clock was set back since, and what is dated later could not be overruled until then.
 */
export const MAX_AHEAD_US = 86_400_000_000;

/** What every answer of the store carries. */
export interface StoreMeta {
  /** Random name of the data's life; '' while no record was ever written. Another epoch: the store lost its data. */
  readonly epoch: string;
  /** Number of events of this epoch so far, lease events not counted. */
  readonly seq: number;
  readonly now: StoreTime;
}

/** What came of a command. Losing the store is an answer, not an error. */
export type StoreAnswer<T> =
  | { readonly kind: 'ok'; readonly meta: StoreMeta; readonly value: T }
  /** The store's clock was past `notAfter`: nothing was done. */
  | { readonly kind: 'too-late'; readonly meta: StoreMeta }
  | { readonly kind: 'lost'; readonly loss: StoreLoss };

/** Why the store did not do it. All of them mean "work without it", none a hot retry. */
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
