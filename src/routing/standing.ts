import type { RoutedHealth, RoutingSettings, RoutingView } from '../ports/index.ts';
import { isClosedTo } from './ejection.ts';
import type { Ejections } from './evidence/ejections.ts';
import type { Member, TargetState } from './member.ts';
import type { Standing } from './types.ts';

/** All standings, best first. */
export const STANDINGS: readonly Standing[] = ['routable', 'rate-limited', 'avoided', 'drained'];

/** Part of its usual traffic that a degraded deployment gets. */
const DEGRADED_SHARE = 0.25;
/**
 * Part after a failure without a later success. Each pod would otherwise send a second request to a dead deployment before the
 * first pod's second failure makes the fleet confirm its death.
 */
const DOUBTED_SHARE = 0.05;
/** A deployment that was down gets all of its traffic only after this time. */
const SLOW_START_MS = 30_000;
/** Part that it gets at first. */
const FIRST_SHARE = 0.02;

/** Standing of a deployment now. Sets its share by health. Called for each candidate: no allocation. */
export function standingOf(member: Member, parts: StandingParts, settings: RoutingSettings, nowMs: number): Standing {
  const { view, ejections } = parts;
  const { target, cooldown } = member;
  const health = view.health(target.id);
  if (health?.held === true) {
    member.share = 1;
    return health.state === 'down' ? 'drained' : 'routable';
  }
  if (target.ejection.phase !== 'none') ejections.settle(target, health, nowMs);
  const state = health?.state;
  const excused = settings.ignoreTransientErrors && health?.because === 'transient-errors';
  member.share = excused ? 1 : shareOf(target, health, view, nowMs);
  if (state === 'down' || (state === 'suspect' && !excused)) return 'avoided';
  if (isClosedTo(target.ejection, nowMs) || isClosedTo(cooldown, nowMs)) return 'avoided';
  return nowMs < target.restUntilMs ? 'rate-limited' : 'routable';
}

/** Sources of a standing. */
export interface StandingParts {
  readonly view: RoutingView;
  readonly ejections: Ejections;
}

function shareOf(target: TargetState, health: RoutedHealth | undefined, view: RoutingView, nowMs: number): number {
  const degraded = health?.state === 'degraded' || nowMs < target.degradedUntilMs;
  const share = nowMs < target.doubtedUntilMs ? DOUBTED_SHARE : degraded ? DEGRADED_SHARE : 1;
  return share * Math.min(fleetSlowStart(health, view), slowStart(nowMs - target.recoveredAtMs));
}

function fleetSlowStart(health: RoutedHealth | undefined, view: RoutingView): number {
  if (health === undefined || health.before !== 'down' || health.since === null) return 1;
  return slowStart((view.now() - health.since) / 1_000);
}

function slowStart(sinceMs: number): number {
  return sinceMs >= SLOW_START_MS ? 1 : Math.max(FIRST_SHARE, sinceMs / SLOW_START_MS);
}
