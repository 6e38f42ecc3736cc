import { pick } from '../groups/pick.ts';
import type { Group } from '../groups/group.ts';
import type { Search } from '../groups/pick.ts';
import type { Member } from '../member.ts';
import type { RouterParts } from '../parts.ts';
import { standingOf, STANDINGS } from '../standing.ts';
import type { Standing } from '../standing.ts';
import { isTagged } from '../groups/tags.ts';
import { isFallback, isOpenTo, stopAt } from './request-state.ts';
import type { RequestState } from './request-state.ts';
import { retriesAfter } from './retry-policy.ts';
import type { Stop } from './route.ts';
import { isTried, mayTryAgain } from './tried.ts';
import { backOffMs, isWorthWaiting, restMs } from './waits.ts';

/** The deployment of the next attempt, or why there is none. */
export type Choice =
  | {
      readonly kind: 'chosen';
      readonly member: Member;
      readonly at: number;
      readonly standing: Standing;
      readonly waitMs: number;
      readonly charge: 'free' | 'retry';
      readonly turn: 'new' | 'again';
    }
  | { readonly kind: 'none' | 'full' | 'over-budget' };

/**
 * Looks for the next attempt: by standing, then along the route. So a fallback with a routable deployment comes before a
 * deployment of the group that is not, and only where nothing is routable anywhere is one of those tried, first of the group itself.
 */
export function choose(state: RequestState, parts: RouterParts, nowMs: number): Choice {
  let refused: 'none' | 'full' | 'over-budget' = 'none';
  for (const standing of STANDINGS) {
    for (let at = 0, stop = stopAt(state, 0); stop !== undefined; stop = stopAt(state, ++at)) {
      if (!isOpen(state, stop, at)) continue;
      const choice = chooseAt(state, parts, { stop, at, standing, nowMs });
      if (choice.kind === 'chosen') return choice;
      if (choice.kind !== 'none') refused = choice.kind;
    }
    // Routable, but at their own limits: no reason to send requests to those that are not routable.
    if (refused === 'full') return { kind: 'full' };
  }
  return { kind: refused };
}

interface Place {
  readonly stop: Stop;
  readonly at: number;
  readonly standing: Standing;
  readonly nowMs: number;
}

/** True if the request may make another attempt there. */
function isOpen(state: RequestState, stop: Stop, at: number): boolean {
  const { last, config, counts, fallbacks } = state;
  const count = counts[at] ?? 0;
  if (count === 0) {
    return !isFallback(state, stop) || (fallbacks < config.settings.maxFallbacks && isOpenTo(state, stop));
  }
  const retries = last?.kind === 'failure' ? retriesAfter(last.class, stop.named.group.name, config.settings) : 0;
  return count <= retries;
}

function chooseAt(state: RequestState, parts: RouterParts, place: Place): Choice {
  const { stop, at, standing, nowMs } = place;
  const { request, config, tried } = state;
  const { group } = stop.named;
  const isFirst = state.attempts === 0;
  let overBudget = false;
  const allows = (member: Member): boolean => {
    if (isFirst || !isCharged(state, member, standing, nowMs) || parts.budget.isLeft(nowMs)) return true;
    overBudget = true;
    return false;
  };
  const search = (accepts: Search['accepts']): ReturnType<typeof pick> =>
    pick(group, { standing, tags: request.tags, tokens: request.inputTokens, nowMs, accepts }, parts, config);
  const none = (): Choice => ({ kind: overBudget ? 'over-budget' : 'none' });

  const fresh = search(isFirst ? undefined : (member) => !isTried(tried, member) && allows(member));
  if (fresh === 'full') return { kind: 'full' };
  if (fresh !== 'none') return settle(state, parts, place, fresh, 'new');
  if (isFirst || at !== state.at) return none();
  const other = search((member) => member !== state.lastMember && mayTryAgain(tried, member) && allows(member));
  if (typeof other !== 'string') return settle(state, parts, place, other, 'again');
  const same = state.lastMember;
  if (same === undefined || !mayTryAgain(tried, same) || !isAlone(state, parts, group, nowMs)) return none();
  const mayRest = standing === 'routable' && nowMs < same.target.restUntilMs;
  const now = standingOf(same, { view: parts.view, ejections: parts.ejections, settings: config.settings }, nowMs);
  if (now !== standing && !(mayRest && now === 'rate-limited')) return none();
  if (!allows(same) || !parts.limits.admits(same, request.inputTokens, nowMs)) return none();
  return settle(state, parts, place, same, 'again');
}

/** The choice with its wait; none where the wait is too long. */
function settle(state: RequestState, parts: RouterParts, place: Place, member: Member, turn: 'new' | 'again'): Choice {
  const { at, standing, nowMs } = place;
  const isFirst = state.attempts === 0;
  const waitMs = isFirst ? 0 : waitBefore(state, parts, member, turn, nowMs);
  const instead = standing === 'routable' ? 'fallback' : 'nothing';
  if (waitMs > 0 && !isWorthWaiting(waitMs, instead)) return { kind: 'none' };
  if (nowMs + waitMs >= state.request.deadlineMs) return { kind: 'none' };
  const charge = !isFirst && isCharged(state, member, standing, nowMs) ? 'retry' : 'free';
  return { kind: 'chosen', member, at, standing, waitMs, charge, turn };
}

function waitBefore(
  { config }: RequestState,
  { random }: RouterParts,
  member: Member,
  turn: 'new' | 'again',
  nowMs: number,
): number {
  const leftMs = member.target.restUntilMs - nowMs;
  if (leftMs > 0) return restMs(leftMs, random);
  return turn === 'again' ? backOffMs(config.settings.retryAfterMs, random) : 0;
}

/** A failure this old no longer makes an attempt count as a retry at a failing deployment. */
const FAILING_FOR_MS = 60_000;

function isCharged({ tried }: RequestState, member: Member, standing: Standing, nowMs: number): boolean {
  const { failing, failedAtMs } = member.target;
  return standing !== 'routable' || (failing && nowMs - failedAtMs < FAILING_FOR_MS) || isTried(tried, member);
}

/** True if the group has no other deployment that this request could try, but those that an operator drained. */
function isAlone(state: RequestState, parts: RouterParts, group: Group, nowMs: number): boolean {
  const { tried, lastMember, config, request } = state;
  const standingParts = { view: parts.view, ejections: parts.ejections, settings: config.settings };
  return group.members.every((member) => {
    if (member === lastMember || !isTagged(group, member, request.tags, config.settings)) return true;
    if (!parts.limits.admits(member, request.inputTokens, nowMs)) return true;
    const standing = standingOf(member, standingParts, nowMs);
    if (standing === 'drained') return true;
    return isTried(tried, member) && (standing !== 'routable' || !mayTryAgain(tried, member));
  });
}
