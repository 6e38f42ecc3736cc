import { pick } from '../groups/pick.ts';
import { matchedModel } from '../groups/names.ts';
import type { NamedGroup } from '../groups/names.ts';
import type { Picked, Search } from '../groups/pick.ts';
import type { Member } from '../member.ts';
import type { RouterParts } from '../parts.ts';
import { standingOf, STANDINGS } from '../standing.ts';
import type { Standing } from '../types.ts';
import { isFallback, isFitting, isOpenTo, stopAt } from './request-state.ts';
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
  const { last, lastMember, config, counts, fallbacks } = state;
  const count = counts[at] ?? 0;
  // The group can take the request as it is, or not at all: a fallback is for failures.
  if (last?.kind === 'unsent') return at === state.at;
  if (count === 0) {
    return !isFallback(state, stop) || (fallbacks < config.settings.maxFallbacks && isOpenTo(state, stop));
  }
  if (last?.kind !== 'failure') return false;
  const failed = { group: stop.named.group.name, deployment: lastMember?.deployment };
  return count <= retriesAfter(last, failed, config.settings);
}

function chooseAt(state: RequestState, parts: RouterParts, place: Place): Choice {
  const isFirst = state.attempts === 0 && state.last === undefined;
  if (isFirst) return settle(state, parts, place, search(state, parts, place, undefined), 'new');
  if (place.standing === 'drained' && state.standing !== 'drained') return NONE;
  const { lastMember, tried } = state;
  const budget = budgetOf(state, parts, place);
  const fresh = search(state, parts, place, (one) => !isTried(tried, one) && budget.allows(one));
  if (fresh !== 'none') return settle(state, parts, place, fresh, 'new');
  if (place.at === state.at) {
    const again = (one: Member): boolean => mayTryAgain(tried, one) && budget.allows(one);
    const other = search(state, parts, place, (one) => one !== lastMember && again(one));
    if (typeof other !== 'string') return settle(state, parts, place, other, 'again');
    if (mayBeSame(state, parts, place)) {
      const same = search(state, parts, { ...place, standing: standingOfSame(state, parts, place) }, (one) => {
        return one === lastMember && again(one);
      });
      if (typeof same !== 'string') return settle(state, parts, place, same, 'again');
    }
  }
  return budget.refused() ? { kind: 'over-budget' } : NONE;
}

const NONE: Choice = { kind: 'none' };

function search(state: RequestState, parts: RouterParts, place: Place, accepts: Search['accepts']): Picked {
  const { request, config } = state;
  const { standing, nowMs, stop } = place;
  const { tags, inputTokens: tokens, serves } = request;
  const model = matchedModel(stop.named);
  return pick(stop.named.group, { standing, tags, tokens, nowMs, accepts, serves, model }, parts, config);
}

/** The retry budget, as far as it concerns one search. */
interface BudgetUse {
  allows(member: Member): boolean;
  refused(): boolean;
}

function budgetOf(state: RequestState, { budget }: RouterParts, { standing, nowMs }: Place): BudgetUse {
  let refused = false;
  return {
    allows: (member) => {
      const allowed = !isCharged(state, member, standing, nowMs) || budget.isLeft(nowMs);
      refused ||= !allowed;
      return allowed;
    },
    refused: () => refused,
  };
}

/** True if the deployment that failed last may be asked again: no other one of the group is left. */
function mayBeSame(state: RequestState, parts: RouterParts, { stop, standing, nowMs }: Place): boolean {
  const { lastMember, tried } = state;
  if (lastMember === undefined || !mayTryAgain(tried, lastMember)) return false;
  const own = standingOf(lastMember, parts, state.config.settings, nowMs);
  // A short Retry-After is waited for before any fallback is tried.
  if (own !== standing && !(own === 'rate-limited' && standing === 'routable')) return false;
  return isAlone(state, parts, stop.named, nowMs);
}

function standingOfSame(state: RequestState, parts: RouterParts, { standing, nowMs }: Place): Standing {
  const { lastMember, config } = state;
  return lastMember === undefined ? standing : standingOf(lastMember, parts, config.settings, nowMs);
}

/** The choice with its wait; none where the wait is too long. */
function settle(state: RequestState, parts: RouterParts, place: Place, found: Picked, turn: 'new' | 'again'): Choice {
  if (found === 'none') return NONE;
  if (found === 'full') return { kind: 'full' };
  const { at, standing, nowMs } = place;
  const isFirst = state.attempts === 0;
  const waitMs = isFirst ? 0 : waitBefore(state, parts, place, found, turn);
  if (waitMs === 'too-long' || nowMs + waitMs >= state.request.deadlineMs) return NONE;
  const charge = !isFirst && isCharged(state, found, standing, nowMs) ? 'retry' : 'free';
  return { kind: 'chosen', member: found, at, standing, waitMs, charge, turn };
}

function waitBefore(
  { config }: RequestState,
  { random }: RouterParts,
  { standing, nowMs }: Place,
  member: Member,
  turn: 'new' | 'again',
): number | 'too-long' {
  const leftMs = member.target.restUntilMs - nowMs;
  if (leftMs <= 0) return turn === 'again' ? backOffMs(config.settings.retryAfterMs, random) : 0;
  const instead = standing === 'routable' ? 'fallback' : 'nothing';
  return isWorthWaiting(leftMs, instead) ? restMs(leftMs, random) : 'too-long';
}

/** A failure this old no longer makes an attempt count as a retry at a failing deployment. */
const FAILING_FOR_MS = 60_000;

function isCharged({ tried }: RequestState, member: Member, standing: Standing, nowMs: number): boolean {
  const { failuresInRow, failedAtMs } = member.target;
  const isFailing = failuresInRow > 0 && nowMs - failedAtMs < FAILING_FOR_MS;
  return standing !== 'routable' || isFailing || isTried(tried, member);
}

/** True if the group has no other deployment that this request could try, but those that an operator drained. */
function isAlone(state: RequestState, parts: RouterParts, named: NamedGroup, nowMs: number): boolean {
  const { tried, lastMember, config, request } = state;
  return named.group.members.every((member) => {
    if (member === lastMember || !isFitting(state, named, member)) return true;
    if (!parts.limits.admits(member, request.inputTokens, nowMs)) return true;
    const standing = standingOf(member, parts, config.settings, nowMs);
    if (standing === 'drained') return true;
    return isTried(tried, member) && (standing !== 'routable' || !mayTryAgain(tried, member));
  });
}
