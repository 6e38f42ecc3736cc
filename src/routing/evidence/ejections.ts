import type { FailureClass, StoreTime, TargetId } from '../../health/index.ts';
import type { Clock, RoutedHealth, Timer } from '../../ports/index.ts';
import { eject, endEjection, isHalfOpen } from '../ejection.ts';
import type { Ejection } from '../ejection.ts';
import type { EjectionCause, EjectionEnd, RoutingEvents } from '../events.ts';
import type { Member, TargetState } from '../member.ts';

/** After a confirmation that passed, the first pause before the next ejection by failures in a row; doubled each time. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 600_000;

/** Begins and ends local ejections, with their events. */
export interface Ejections {
  ejectTarget(target: TargetState, begin: Beginning): void;
  ejectDeployment(member: Member, begin: Beginning): void;
  /** Ends the ejection of the target if the fleet knows better by now. */
  settle(target: TargetState, health: RoutedHealth | undefined, nowMs: number): void;
  /** A request succeeded that started after the ejections did. */
  trialPassed(member: Member, startedAt: StoreTime, nowMs: number): void;
  /** The configuration no longer has it, or no longer allows ejections. */
  endTarget(target: TargetState, why: EjectionEnd): void;
  endDeployment(member: Member, why: EjectionEnd): void;
}

/** Cause and length of an ejection. */
export interface Beginning {
  readonly cause: EjectionCause;
  readonly class: FailureClass;
  readonly status?: number;
  readonly cooldownMs: number;
  readonly now: StoreTime;
  readonly nowMs: number;
}

/** A timer for each ejection reports when it becomes half-open: also where no request comes, a gauge must not stay at "ejected". */
export function createEjections(clock: Clock, events: RoutingEvents): Ejections {
  const timers = new Map<Ejection, Timer>();

  const begin = (ejection: Ejection, of: EjectedThing, { cooldownMs, now, nowMs, ...why }: Beginning): void => {
    const cause = isHalfOpen(ejection, nowMs) ? 'failed-trial' : why.cause;
    timers.get(ejection)?.cancel();
    eject(ejection, cooldownMs, now, nowMs);
    events.ejected({ ...of, ...why, cause, forMs: ejection.lengthMs });
    const halfOpen = (): void => {
      timers.delete(ejection);
      events.ejectionEnded({ ...of, why: 'half-open' });
    };
    timers.set(ejection, clock.setTimer(ejection.lengthMs, halfOpen));
  };

  const end = (ejection: Ejection, of: EjectedThing, why: EjectionEnd): void => {
    if (ejection.phase === 'none') return;
    timers.get(ejection)?.cancel();
    timers.delete(ejection);
    endEjection(ejection);
    events.ejectionEnded({ ...of, why });
  };

  return {
    ejectTarget: (target, beginning) => begin(target.ejection, { target: target.id }, beginning),
    ejectDeployment: (member, beginning) => begin(member.cooldown, thing(member), beginning),
    settle: (target, health, nowMs) => {
      const { ejection } = target;
      if (ejection.phase === 'none' || health === undefined || health.held) return;
      if (health.state === 'suspect') ejection.seenSuspect = true;
      if (health.state === 'down') {
        target.pauseMs = 0;
        forgetFailures(target);
        end(ejection, { target: target.id }, 'verdict-down');
      } else if (isConfirmed(ejection, health)) {
        pause(target, nowMs);
        forgetFailures(target);
        end(ejection, { target: target.id }, 'confirmed-up');
      }
    },
    trialPassed: (member, startedAt, nowMs) => {
      const { target, cooldown } = member;
      if (target.ejection.phase === 'out' && startedAt > target.ejection.since) {
        forgetFailures(target);
        target.recoveredAtMs = nowMs;
        end(target.ejection, { target: target.id }, 'trial-passed');
      }
      if (cooldown.phase === 'out' && startedAt > cooldown.since) end(cooldown, thing(member), 'trial-passed');
    },
    endTarget: (target, why) => end(target.ejection, { target: target.id }, why),
    endDeployment: (member, why) => end(member.cooldown, thing(member), why),
  };
}

interface EjectedThing {
  readonly target: TargetId;
  readonly deployment?: string;
}

function thing({ target, deployment }: Member): EjectedThing {
  return { target: target.id, deployment: deployment.id };
}

/**
 * True if the fleet found the target up after the ejection began. A passed confirmation does not begin a new run of
 * successes, so `since` alone does not show it: either the view has the time of the newest success, or this pod saw the
 * verdict go to suspect and back.
 */
function isConfirmed({ since, seenSuspect }: Ejection, { state, since: upSince, succeededAt }: RoutedHealth): boolean {
  if (state !== 'up') return false;
  if (succeededAt !== undefined) return succeededAt !== null && succeededAt > since;
  return seenSuspect || (upSince !== null && upSince > since);
}

/** The evidence that ended the ejection is newer than all failures. */
function forgetFailures(target: TargetState): void {
  target.window.clear();
  target.failuresInRow = 0;
  target.doubtedUntilMs = -Infinity;
  target.degradedUntilMs = -Infinity;
}

function pause(target: TargetState, nowMs: number): void {
  const forgotten = nowMs - target.suspectedAtMs > MAX_PAUSE_MS;
  target.pauseMs = target.pauseMs === 0 || forgotten ? FIRST_PAUSE_MS : Math.min(MAX_PAUSE_MS, 2 * target.pauseMs);
  target.pausedUntilMs = nowMs + target.pauseMs;
}
