import { takeTrial, giveTrialBack } from '../ejection.ts';
import { learn } from '../evidence/learn.ts';
import { matchedModel } from '../groups/names.ts';
import type { NamedGroup } from '../groups/names.ts';
import type { Attempt, Member } from '../member.ts';
import type { RouterConfig, RouterParts } from '../parts.ts';
import { standingOf } from '../standing.ts';
import type { Trial } from '../trials.ts';
import type { AttemptOutcome, AttemptWhy, RequestPlan, RoutedRequest, Step } from '../types.ts';
import { choose } from './choose.ts';
import type { Choice } from './choose.ts';
import { isFitting, isServedBy, newRequest, rerouteTo } from './request-state.ts';
import type { RequestState } from './request-state.ts';
import { isTransient } from './retry-policy.ts';
import { attemptTimeoutMs } from './timeout.ts';
import { noteTried } from './tried.ts';

/** The plan of one request that asked for `root`. */
export function createPlan(
  request: RoutedRequest,
  root: NamedGroup,
  parts: RouterParts,
  config: RouterConfig,
): RequestPlan {
  const state = newRequest(request, root, config);
  return {
    group: root.group.name,
    next: () => nextStep(state, parts, parts.clock.monotonicMs()),
    ended: (outcome) => {
      const attempt = state.current;
      if (attempt === undefined) return;
      state.current = undefined;
      state.last = outcome;
      state.lastMember = attempt.member;
      endAttempt(attempt, outcome, parts, config);
      noteOutcome(state, attempt.member, outcome);
    },
  };
}

type Chosen = Extract<Choice, { kind: 'chosen' }> & { readonly trial?: Trial };

/** A deployment whose next probe is this request: none that an operator holds. */
function takeTest({ request, root }: RequestState, { trials, view }: RouterParts, nowMs: number): Test | undefined {
  if (trials === undefined || request.mayTest !== true) return undefined;
  for (const member of root.group.members) {
    const { id } = member.target;
    if (!isServedBy(request, root, member) || view.health(id)?.held === true) continue;
    trials.wanted(id, nowMs);
    const trial = trials.take(id);
    if (trial !== undefined) return { member, trial };
  }
  return undefined;
}

interface Test {
  readonly member: Member;
  readonly trial: Trial;
}

function firstAt(member: Member): Chosen {
  return { kind: 'chosen', member, at: 0, standing: 'routable', waitMs: 0, charge: 'free', turn: 'new' };
}

function nextStep(state: RequestState, parts: RouterParts, nowMs: number): Step {
  const { request, last, current } = state;
  const over = current !== undefined || nowMs >= request.deadlineMs;
  if (over || !mayGoOn(state, last)) return giveUp(state, 'none', parts, nowMs);
  const test = state.attempts === 0 && last === undefined ? takeTest(state, parts, nowMs) : undefined;
  if (test !== undefined) return begin(state, { ...firstAt(test.member), trial: test.trial }, parts, nowMs);
  const choice = choose(state, parts, nowMs);
  if (choice.kind !== 'chosen') return giveUp(state, choice.kind, parts, nowMs);
  return begin(state, choice, parts, nowMs);
}

/** False where no other attempt can help. Leads to the special fallbacks where only they can. */
function mayGoOn(state: RequestState, last: AttemptOutcome | undefined): boolean {
  switch (last?.kind) {
    case undefined:
      return true;
    case 'unsent':
      return true;
    case 'failure':
      return last.phase === 'before-first-byte';
    case 'caller-fault':
      if (last.fault === 'bad-request') return false;
      // Once only: after another step of the same outcome the route is already the special one.
      if (state.at !== -1) rerouteTo(special(state, last.fault), state);
      return true;
    case 'success':
    case 'neutral':
      return false;
  }
}

function special({ config }: RequestState, fault: 'context-window' | 'content-policy'): RouterConfig['fallbacks'] {
  return fault === 'context-window' ? config.contextWindowFallbacks : config.contentPolicyFallbacks;
}

function begin(state: RequestState, choice: Chosen, parts: RouterParts, nowMs: number): Step {
  const { request, config, counts } = state;
  const { member, at, waitMs } = choice;
  const { deployment } = member;
  const atMs = nowMs + waitMs;
  const ownMs = attemptTimeoutMs(deployment, request.stream ? 'stream' : 'whole', config.settings);
  const timeoutMs = Math.min(ownMs, request.deadlineMs - atMs);
  const targetTrial = takeTrial(member.target.ejection, waitMs + timeoutMs, nowMs);
  const deploymentTrial = takeTrial(member.cooldown, waitMs + timeoutMs, nowMs);
  const why = choice.trial === undefined ? whyOf(state, choice, targetTrial + deploymentTrial) : 'trial';
  noteBudget(state, choice, parts, nowMs);
  parts.limits.began(member, request.inputTokens, atMs, nowMs);
  const named = state.route[at]?.named ?? state.root;
  if ((counts[at] ?? 0) === 0 && named.group !== state.root.group) state.fallbacks++;
  counts[at] = (counts[at] ?? 0) + 1;
  state.at = at;
  state.standing = choice.standing;
  state.attempts++;
  state.current = {
    member,
    atMs,
    reservedTokens: request.inputTokens,
    targetTrial,
    deploymentTrial,
    timeoutBy: timeoutMs < ownMs ? 'deadline' : 'deployment',
    trial: choice.trial,
  };
  const matched = matchedModel(named);
  const model = matched === undefined ? undefined : { model: matched };
  return { kind: 'attempt', deployment, ...model, number: state.attempts, waitMs, timeoutMs, why };
}

function whyOf(state: RequestState, { at, standing, turn }: Chosen, trials: number): AttemptWhy {
  if (turn === 'again') return 'again';
  if (standing === 'rate-limited') return 'rate-limited';
  if (standing !== 'routable') return 'panic';
  if (trials > 0) return 'trial';
  if (at !== state.at) return 'fallback';
  return state.attempts === 0 ? 'first' : 'failover';
}

function noteBudget(state: RequestState, { standing, charge, trial }: Chosen, parts: RouterParts, nowMs: number): void {
  const group = state.root.group.name;
  if (charge === 'retry') parts.budget.take(nowMs);
  if (state.attempts > 0 || state.last !== undefined) return;
  parts.budget.requested(nowMs);
  // A request that tests an upstream says nothing about where the others go.
  if (trial !== undefined) return;
  if (standing === 'avoided' || standing === 'drained') parts.panics.attempted(group);
  else parts.panics.calm(group);
}

function endAttempt(attempt: Attempt, outcome: AttemptOutcome, parts: RouterParts, config: RouterConfig): void {
  const { member, atMs, reservedTokens: reserved } = attempt;
  const nowMs = parts.clock.monotonicMs();
  const actual = tokensOf(outcome) ?? reserved;
  if (outcome.kind === 'unsent') parts.limits.takenBack(member, { reserved, atMs }, nowMs);
  else parts.limits.ended(member, { reserved, actual, atMs }, nowMs);
  attempt.trial?.ended(outcome);
  learn(attempt, outcome, parts, config.settings, nowMs);
  giveTrialBack(member.target.ejection, attempt.targetTrial);
  giveTrialBack(member.cooldown, attempt.deploymentTrial);
}

/** Tokens that the attempt took from the limit; undefined where the upstream did not say. */
function tokensOf(outcome: AttemptOutcome): number | undefined {
  if (outcome.kind === 'success') return outcome.tokens && outcome.tokens.input + outcome.tokens.output;
  // The model did not read what was refused for its form or its length. Content it has read.
  return outcome.kind === 'caller-fault' && outcome.fault !== 'content-policy' ? 0 : undefined;
}

function noteOutcome(state: RequestState, member: Member, outcome: AttemptOutcome): void {
  if (outcome.kind === 'failure') noteTried(state.tried, member, isTransient(outcome.class) ? 'transient' : 'lasting');
  if (outcome.kind === 'caller-fault' || outcome.kind === 'unsent') noteTried(state.tried, member, 'lasting');
  if (outcome.kind !== 'unsent') return;
  // No attempt was made: what follows is the first one still, or the same one.
  state.attempts -= 1;
  state.counts[state.at] = (state.counts[state.at] ?? 1) - 1;
}

function giveUp(
  state: RequestState,
  refused: 'none' | 'full' | 'over-budget',
  parts: RouterParts,
  nowMs: number,
): Step {
  const { last, attempts, root, request } = state;
  if (refused === 'over-budget') parts.events.retryRefused(root.group.name);
  if (attempts > 0 || (last?.kind === 'unsent' && refused !== 'full')) {
    const retryAfterMs = last?.kind === 'failure' ? last.retryAfterMs : undefined;
    return { kind: 'give-up', why: 'failed', ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (refused !== 'full') {
    if (nowMs >= request.deadlineMs) return { kind: 'give-up', why: 'deadline' };
    const isServed = root.group.members.some((member) => isServedBy(request, root, member));
    return { kind: 'give-up', why: isServed ? 'no-deployment' : 'not-served' };
  }
  return { kind: 'give-up', why: 'over-limit', retryAfterMs: soonestMs(state, parts, nowMs) };
}

/** Time until a routable deployment of the group has room again. */
function soonestMs(state: RequestState, parts: RouterParts, nowMs: number): number {
  const { root, config, request } = state;
  let soonest = Infinity;
  for (const member of root.group.members) {
    if (!isFitting(state, root, member)) continue;
    if (standingOf(member, parts, config.settings, nowMs) !== 'routable') continue;
    soonest = Math.min(soonest, parts.limits.waitMs(member, request.inputTokens, nowMs));
  }
  return Number.isFinite(soonest) ? Math.max(1, soonest) : 1_000;
}
