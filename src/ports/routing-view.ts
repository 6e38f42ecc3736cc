import type { State, StoreTime, TargetId } from '../health/index.ts';

/** Health of one target, as far as routing needs it. */
export interface RoutedHealth {
  /** State for routing: `down` while drained, `up` while held up. */
  readonly state: State;
  /** Since when, store clock; null while unknown. A slow start is derived from it. */
  readonly since: StoreTime | null;
  /** State before this one; a target that was never down needs no slow start. */
  readonly before: State | null;
  /** Start of the newest evidence, store clock; null while there is none. */
  readonly evidenceAt: StoreTime | null;
  /** An operator's hold decides the state: local evidence does not change it. */
  readonly held: boolean;
  /**
   * Start of the newest success at the depth of requests, store clock; null for none. It ends a local ejection that is
   * older. Absent where the view does not know: then `since` is compared.
   */
  readonly succeededAt?: StoreTime | null;
  /** Present where 429 and 408 alone are why it is `degraded` or `suspect`. */
  readonly because?: 'transient-errors';
}

/** Health of all targets, read from memory. The only thing that routing knows about the fleet. */
export interface RoutingView {
  /** Undefined for a target without a verdict. Called several times for each request: constant time, no allocation. */
  health(target: TargetId): RoutedHealth | undefined;
  /** This pod's estimate of the store's clock. */
  now(): StoreTime;
}
