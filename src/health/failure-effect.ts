import { needsOperator } from './outcome.ts';
import type { FailureClass } from './outcome.ts';

/**
 * Effect of one failed request on the window of its target.
 *
 * - `counted`: two in a row, or half of at least ten, make a confirming probe due.
 * - `at-once`: one makes a confirming probe due.
 * - `overloaded`: the verdict of the window becomes `degraded`, never `suspect`.
 */
export type FailureEffect = 'counted' | 'at-once' | 'overloaded';

/**
 * Effect of a failed request by the class of its failure.
 *
 * @example
 * effectOfFailure('not-found') // 'at-once'
 */
export function effectOfFailure(failure: FailureClass): FailureEffect {
  if (failure === 'overloaded') return 'overloaded';
  return needsOperator(failure) ? 'at-once' : 'counted';
}
