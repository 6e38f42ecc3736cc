import type { StoreTime } from '../health/index.ts';

/**
 * Local avoidance of one target or deployment: none → out for a time → half-open, with one trial at a time → none, or out
 * again. All times in ms are monotonic.
 */
export interface Ejection {
  phase: 'none' | 'out';
  /** Start, store clock: evidence of the fleet that is newer can end it. */
  since: StoreTime;
  /** Half-open from here on. */
  untilMs: number;
  lengthMs: number;
  /** The verdict `suspect` of the fleet was seen while it lasted. */
  seenSuspect: boolean;
  /** Number of the running trial, and when it counts as lost; 0 for none. */
  trial: number;
  trialUntilMs: number;
  trials: number;
}

/** A trial that fails makes the next ejection twice as long, up to this time, or the cooldown time if that is longer. */
const MOST_MS = 60_000;
/** A trial whose end was not reported for this time beyond its own deadline no longer holds its place. */
const TRIAL_GRACE_MS = 5_000;
const MOST_TRIAL_MS = 600_000;

/** Begins without an ejection. */
export function noEjection(): Ejection {
  return {
    phase: 'none',
    since: 0,
    untilMs: 0,
    lengthMs: 0,
    seenSuspect: false,
    trial: 0,
    trialUntilMs: 0,
    trials: 0,
  };
}

/** Begins an ejection; after a failed trial a longer one. */
export function eject(ejection: Ejection, cooldownMs: number, now: StoreTime, nowMs: number): void {
  const again = isHalfOpen(ejection, nowMs);
  ejection.lengthMs = again ? Math.min(2 * ejection.lengthMs, Math.max(cooldownMs, MOST_MS)) : cooldownMs;
  ejection.phase = 'out';
  ejection.since = now;
  ejection.untilMs = nowMs + ejection.lengthMs;
  ejection.seenSuspect = false;
  ejection.trial = 0;
}

/** Ends it: the next request counts as any other. */
export function endEjection(ejection: Ejection): void {
  ejection.phase = 'none';
  ejection.trial = 0;
}

/** True while only a trial may go there. */
export function isHalfOpen({ phase, untilMs }: Ejection, nowMs: number): boolean {
  return phase === 'out' && nowMs >= untilMs;
}

/** True while no request may go there: out, or half-open with a running trial. */
export function isClosedTo(ejection: Ejection, nowMs: number): boolean {
  if (ejection.phase === 'none') return false;
  return nowMs < ejection.untilMs || (ejection.trial !== 0 && nowMs < ejection.trialUntilMs);
}

/** Takes the one trial for an attempt. 0: it is not half-open, so the attempt is none. */
export function takeTrial(ejection: Ejection, timeoutMs: number, nowMs: number): number {
  if (!isHalfOpen(ejection, nowMs) || isClosedTo(ejection, nowMs)) return 0;
  ejection.trial = ++ejection.trials;
  ejection.trialUntilMs = nowMs + Math.min(timeoutMs, MOST_TRIAL_MS) + TRIAL_GRACE_MS;
  return ejection.trial;
}

/** Gives the trial back, whatever its outcome was. An attempt that lost its place before changes nothing. */
export function giveTrialBack(ejection: Ejection, trial: number): void {
  if (trial !== 0 && ejection.trial === trial) ejection.trial = 0;
}
