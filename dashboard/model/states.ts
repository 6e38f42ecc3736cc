import type { HoldBody, TargetBody } from '../../src/api/index.ts';

/** A state as it is shown: an operator's hold counts before what probes found. */
export type Shown = TargetBody['state'] | 'drained' | 'held-up';

/** Words for people. */
export const words: Readonly<Record<Shown, string>> = {
  down: 'down',
  drained: 'drained',
  suspect: 'suspect',
  degraded: 'degraded',
  unknown: 'unknown',
  'held-up': 'held up',
  up: 'up',
};

/** The worst first. */
const order: readonly Shown[] = ['down', 'suspect', 'drained', 'degraded', 'unknown', 'held-up', 'up'];

/**
 * The state of a target as it is shown.
 *
 * @example
 * shownState({ state: 'up', hold: { kind: 'drain' } }) // 'drained'
 */
export function shownState({
  state,
  hold,
}: {
  readonly state: Shown;
  readonly hold: Pick<HoldBody, 'kind'> | null;
}): Shown {
  if (hold?.kind === 'drain') return 'drained';
  return hold?.kind === 'hold-up' ? 'held-up' : state;
}

/** Position among the states, the worst first. */
export function badness(state: Shown): number {
  return order.indexOf(state);
}

/** True if requests may go to it. */
export function isRoutable(state: Shown): boolean {
  return state !== 'down' && state !== 'drained';
}
