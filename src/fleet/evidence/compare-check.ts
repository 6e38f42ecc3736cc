import type { Failure, Level, Outcome } from '../../health/index.ts';
import type { ProbeResult } from '../../ports/index.ts';
import type { FleetTarget } from '../options.ts';

/** A failed probe of this pod that an unbilled check is compared with. */
export interface CheckedFailure {
  readonly failure: Failure;
  /** `nothing`: it failed before a connection was open, so a connection that opens shows that the failure is over. */
  readonly sent: ProbeResult['sent'];
  /** An unbilled check passed before, and the next probe failed: such checks cannot show this failure. */
  readonly checksMislead: boolean;
}

/** Deepest unbilled level at which the failure could show. */
export function unbilledLevel({ level, paid }: FleetTarget, { failure, sent }: CheckedFailure): Level {
  if (isConnectionFailure(failure) && sent === 'nothing') return 'connect';
  return paid?.instead ?? (level === 'inference' ? 'connect' : level);
}

/**
 * Compares an unbilled check with an earlier failure. A check that passes ends a failure only if it would have shown
 * it:
 *   t0 a proxy accepts the connection, then resets it · t1 connecting works, as at t0 · `undecided`: a probe is needed
 * A reset right after connecting may look like a failed connection, so a check that misled once is not used again.
 */
export function compareCheck(
  { failure, sent, checksMislead }: CheckedFailure,
  { level, outcome }: Pick<ProbeResult, 'level' | 'outcome'>,
): 'passes' | 'fails' | 'undecided' {
  if (outcome.kind === 'no-evidence') return 'fails';
  if (outcome.kind === 'failed' && isConnectionFailure(outcome.failure)) return 'fails';
  if (checksMislead) return 'undecided';
  if (level === 'connect') return isConnectionFailure(failure) && sent === 'nothing' ? 'passes' : 'undecided';
  // A refused model list is an answer. It suffices after a failed connection, and proves nothing after another answer.
  return outcome.kind === 'ok' || isConnectionFailure(failure) ? 'passes' : 'undecided';
}

/**
 * Result of an undecided check where this pod cannot probe. A model list that is refused for another reason than the
 * probe proves nothing. One that is refused for the same reason may come from a proxy.
 */
export function isProbablyReachable({ failure }: CheckedFailure, outcome: Outcome): boolean {
  return outcome.kind === 'ok' || (outcome.kind === 'failed' && outcome.failure.class !== failure.class);
}

/** True for a failure of the connection rather than an answer. */
export function isConnectionFailure({ class: name }: Failure): boolean {
  return name === 'network' || name === 'timeout';
}
