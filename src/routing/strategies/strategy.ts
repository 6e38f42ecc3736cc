import type { Random } from '../../ports/index.ts';
import type { Member } from '../member.ts';

/** Deployments of one pick. The list is reused for the next pick: only its first `count` entries belong to this one. */
export interface Candidates {
  readonly list: readonly Member[];
  readonly count: number;
}

/** Time, randomness and settings of a pick. */
export interface PickContext {
  readonly random: Pick<Random, 'next'>;
  readonly nowMs: number;
  /** See `RoutingSettings.latencyBuffer`. */
  readonly latencyBuffer: number;
}

/**
 * Chooses one of at least one candidate; its index. All candidates are eligible. A strategy gives each one traffic in
 * proportion to its share by health: a degraded deployment with a share of 0.25 gets a quarter of what it would get.
 */
export type PickOne = (candidates: Candidates, context: PickContext) => number;
