import type { PodId, StoreTime } from '../health/index.ts';
import type { StoreAnswer } from './store-answer.ts';

/** Requests per minute, tokens per minute, requests at once. */
export type LimitKind = 'rpm' | 'tpm' | 'parallel';

/**
 * Where the pods of a fleet divide the limits of deployments among themselves. One limit of one deployment is a pool. As in
 * {@link FleetStore}, every method is bounded in time and never rejects, and does nothing once the store's clock is past its
 * `notAfter`.
 *
 * Rules for one pool, on the store's clock:
 *
 * 1. A command whose number is not above the last one of its pod changes nothing: it was overtaken.
 * 2. Another pod counts with its share, or with its use where that is larger, until its lease has ended and its use has left
 *    the window. What is left of the limit is the room.
 * 3. The pod keeps what it says that it keeps, as far as it holds a live lease of it. What it does not keep is free at once.
 * 4. It gets more, up to its fair share, as far as there is room. So the shares of all live leases never exceed the limit.
 * 5. In the first lease time of a pool, and again where no pod is left in it, pods may hold shares that the store has lost: a pod that holds one keeps it as far as
 *    there is room and gets no more, any other gets at most the limit divided by the known pods.
 *
 * Fair shares: a tenth of the unused limit is free for pods that join. The rest is divided by demand, at most the limit for
 * each pod, plus the limit divided by four times the number of pods, so that an idle pod has a share, too.
 */
export interface LimitStore {
  /** Extends this pod's leases of pools; answers in their order. At most {@link MOST_POOLS}. */
  lease(input: LeaseLimits): Promise<StoreAnswer<readonly LimitLease[]>>;
  /** Ends this pod's leases: only what it has used counts on, until that has left the window. */
  giveBack(input: Omit<LeaseLimits, 'ttlMs' | 'pods'>): Promise<StoreAnswer<null>>;
}

/** Most pools in one command. */
export const MOST_POOLS = 300;

/** Leases of pools for `ttlMs` from now; nothing is done past `notAfter`. */
export interface LeaseLimits {
  readonly pod: PodId;
  /** Larger in each command of a pod. */
  readonly number: number;
  readonly ttlMs: number;
  /** Live pods that the caller knows, itself included. */
  readonly pods: number;
  readonly notAfter: StoreTime;
  readonly pools: readonly PoolUse[];
}

/** What a pod has of one pool, and needs. All numbers are whole. */
export interface PoolUse {
  readonly deployment: string;
  readonly kind: LimitKind;
  readonly limit: number;
  /** The share to which the pod keeps until it has the answer: at most its share so far. */
  readonly keeps: number;
  /** Use in the window that ends now. */
  readonly used: number;
  /** What it would have used of an unlimited pool. */
  readonly demand: number;
  /** Time after the end of a lease until its use has left the window, ms. */
  readonly holdMs: number;
}

/** The lease of one pool. */
export interface LimitLease {
  readonly share: number;
  /** Fair share. Below `share`: the pod is to keep no more than this, or what it has used. */
  readonly target: number;
  /** Pods with a live lease of the pool. */
  readonly pods: number;
}
