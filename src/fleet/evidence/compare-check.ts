import type { Failure, Level, Outcome } from '../../health/index.ts';
import type { ProbeResult } from '../../ports/index.ts';
import type { FleetTarget } from '../options.ts';

/** A failure of this pod, as far as an unbilled look can compare itself with it. */
export interface CheckedFailure {
  readonly failure: Failure;
  /** `nothing`: it failed before a connection was open, so that a connection shows whether that is over. */
  readonly sent: ProbeResult['sent'];
  /** A free look passed before, and then the probe failed: such looks do not show this failure. */
  readonly checksMislead: boolean;
}

/** Level of an unbilled look that reaches as far as the failure did, or as far as is free. */
export function unbilledLevel({ level, paid }: FleetTarget, { failure, sent }: CheckedFailure): Level {
  if (isConnectionFailure(failure) && sent === 'nothing') return 'connect';
  return paid?.instead ?? (level === 'inference' ? 'connect' : level);
}

/**
 * What an unbilled look says of an earlier failure. It ends a doubt only if it would have shown the failure:
 *   t0 a proxy takes the connection, then resets it · t1 connecting works, as it did at t0 · `unsure`, a probe has to tell
 * A reset that comes at once may look like a connection that failed, so a look that misled once is not believed twice.
 */
export function compareCheck(
  { failure, sent, checksMislead }: CheckedFailure,
  { level, outcome }: Pick<ProbeResult, 'level' | 'outcome'>,
): 'passes' | 'fails' | 'undecided' {
  if (outcome.kind === 'no-evidence') return 'fails';
  if (outcome.kind === 'failed' && isConnectionFailure(outcome.failure)) return 'fails';
  if (checksMislead) return 'undecided';
  if (level === 'connect') return isConnectionFailure(failure) && sent === 'nothing' ? 'passes' : 'undecided';
  // A refused list is an answer: enough after a broken connection, and nothing after another answer.
  return outcome.kind === 'ok' || isConnectionFailure(failure) ? 'passes' : 'undecided';
}

/**
 * What is believed of an unsure look where no probe can be made. A list that is refused for another reason than the probe
 * was says nothing; one that is refused alike may be the fault of a proxy.
 */
export function isProbablyReachable({ failure }: CheckedFailure, outcome: Outcome): boolean {
  return outcome.kind === 'ok' || (outcome.kind === 'failed' && outcome.failure.class !== failure.class);
}

/** The failure is one of the connection, not an answer. */
export function isConnectionFailure({ class: name }: Failure): boolean {
  return name === 'network' || name === 'timeout';
}
