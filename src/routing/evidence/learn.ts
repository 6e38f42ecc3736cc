import { effectOfFailure } from '../../health/index.ts';
import type { CountedRequest, Failure, FailureEffect, StoreTime, WindowVerdict } from '../../health/index.ts';
import type { RoutingView } from '../../ports/index.ts';
import { isHalfOpen } from '../ejection.ts';
import type { Attempt, Member, TargetState } from '../member.ts';
import { policyErrorOf } from '../retry/retry-policy.ts';
import type { PolicyFailure } from '../retry/retry-policy.ts';
import type { AttemptOutcome, RoutingSettings } from '../types.ts';
import type { EjectionCause } from '../events.ts';
import type { Beginning, Ejections } from './ejections.ts';
import { measureFirstByte } from './first-byte.ts';
import { before } from './reports.ts';
import type { Reports } from './reports.ts';

/** Longest `Retry-After` that counts, as for probes. */
const MOST_REST_MS = 600_000;
/** A verdict `degraded` of this pod's own window counts until the next one, at most for the length of the window. */
const DEGRADED_MS = 60_000;
/** A failure without a later success keeps most requests away for this time. */
const DOUBTED_MS = 5_000;

type FailedAttempt = Extract<AttemptOutcome, { kind: 'failure' }>;
type Succeeded = Extract<AttemptOutcome, { kind: 'success' }>;

/** Parts that an outcome reaches. */
export interface LearnParts {
  readonly view: RoutingView;
  readonly ejections: Ejections;
  readonly reports: Reports;
}

/** Learns from the end of one attempt. Faults of the caller and neutral outcomes prove nothing. */
export function learn(
  attempt: Attempt,
  outcome: AttemptOutcome,
  parts: LearnParts,
  settings: RoutingSettings,
  nowMs: number,
): void {
  if (attempt.member.presence === 'removed') return;
  if (outcome.kind === 'success') learnSuccess(attempt.member, outcome, parts, nowMs);
  else if (outcome.kind === 'failure' && isEvidence(attempt, outcome)) {
    learnFailure(attempt, outcome, parts, settings, nowMs);
  }
}

function learnSuccess(member: Member, outcome: Succeeded, parts: LearnParts, nowMs: number): void {
  const { target } = member;
  const now = parts.view.now();
  const at = before(now, outcome.durationMs);
  const slow = measureFirstByte(member, outcome.firstByteMs, nowMs);
  target.failuresInRow = 0;
  if (nowMs - outcome.durationMs >= target.failedAtMs) target.doubtedUntilMs = -Infinity;
  parts.ejections.trialPassed(member, at, nowMs);
  const judged = judge(target, { at, endedAt: now, latencyMs: outcome.firstByteMs, result: 'ok' }, now);
  const degraded = slow || (judged !== undefined && judged.verdict !== 'success');
  target.degradedUntilMs = degraded ? nowMs + DEGRADED_MS : -Infinity;
  if (judged !== undefined) parts.reports.report(target, judged, nowMs);
}

/**
 * False for what proves nothing about the target: a refusal of what only a probe sends, a timeout that the caller's deadline
 * caused, and what the outcome itself excludes.
 */
function isEvidence({ timeoutBy }: Attempt, { class: failed, evidence }: FailedAttempt): boolean {
  if (failed === 'bad-probe' || evidence === 'none') return false;
  return failed !== 'timeout' || timeoutBy !== 'deadline';
}

/**
 * A single 403 may be about what one caller asked for, and a single 402 about more tokens than the credit is good for; a second one in
 * a row is about the key, or the account.
 */
function effectOf({ class: failed, status }: FailedAttempt): FailureEffect {
  const mayBeOfCaller = (failed === 'auth' && status === 403) || (failed === 'quota' && status === 402);
  return mayBeOfCaller ? 'counted' : effectOfFailure(failed);
}

function learnFailure(
  attempt: Attempt,
  outcome: FailedAttempt,
  parts: LearnParts,
  settings: RoutingSettings,
  nowMs: number,
): void {
  const { target } = attempt.member;
  const now = parts.view.now();
  const at = before(now, outcome.durationMs);
  target.failuresInRow++;
  target.failedAtMs = nowMs;
  if (outcome.retryAfterMs !== undefined) {
    target.restUntilMs = nowMs + Math.min(MOST_REST_MS, outcome.retryAfterMs);
  }
  const result = effectOf(outcome);
  const request = { at, endedAt: now, latencyMs: outcome.durationMs, result, failure: failureOf(outcome) };
  const judged = judge(target, request, now);
  if (judged !== undefined && judged.verdict !== 'success') target.degradedUntilMs = nowMs + DEGRADED_MS;
  const counted: CountedFailure = { attempt, judged, settings, outcome, now, nowMs };
  if (ejects(settings) && cooldownMsOf(attempt.member, settings) > 0) {
    // Where the operator says how many failures a deployment may have, a single one changes nothing.
    const ruled = allowedFails(outcome, settings) !== null;
    if (result !== 'overloaded' && !ruled) target.doubtedUntilMs = nowMs + DOUBTED_MS;
    failTrials(counted, parts.ejections);
    coolDown(counted, parts.ejections);
  }
  if (judged !== undefined) report(counted, judged, parts);
}

/** A failure that counts, after the window judged it. */
interface CountedFailure {
  readonly attempt: Attempt;
  readonly judged: WindowVerdict | undefined;
  readonly settings: RoutingSettings;
  readonly outcome: FailedAttempt;
  readonly now: StoreTime;
  readonly nowMs: number;
}

/** A trial that failed: out again. */
function failTrials(failure: CountedFailure, ejections: Ejections): void {
  const { attempt, nowMs } = failure;
  const { member, targetTrial, deploymentTrial } = attempt;
  if (targetTrial !== 0 && isHalfOpen(member.target.ejection, nowMs)) {
    ejections.ejectTarget(member.target, beginning(failure, 'failed-trial'));
  }
  if (deploymentTrial !== 0 && isHalfOpen(member.cooldown, nowMs)) {
    ejections.ejectDeployment(member, beginning(failure, 'failed-trial'));
  }
}

/** `allowed_fails` and `allowed_fails_policy`: one failure more than they allow within a minute cools the deployment down. */
function coolDown(failure: CountedFailure, ejections: Ejections): void {
  const { attempt, settings, nowMs } = failure;
  const { member } = attempt;
  const allowed = allowedFails(failure.outcome, settings);
  if (allowed === null || member.cooldown.phase === 'out') return;
  member.failures.add(1, nowMs, nowMs);
  if (member.failures.total(nowMs) <= allowed) return;
  // After the cooldown it counts from the start.
  member.failures.clear();
  ejections.ejectDeployment(member, beginning(failure, 'allowed-fails'));
}

/**
 * The window rule found the target suspect: this pod avoids it at once, and the fleet confirms or refutes it. After a
 * confirmation that passed, two failures in a row are not enough again until the pause has passed. That at least half of all
 * requests fail is, and so are some more in a row: then probes pass and requests do not.
 */
function report(failure: CountedFailure, judged: WindowVerdict, { reports, ejections, view }: LearnParts): void {
  const { attempt, settings, nowMs } = failure;
  const { target } = attempt.member;
  if (judged.verdict !== 'suspect') return reports.report(target, judged, nowMs);
  target.suspectedAtMs = nowMs;
  if (nowMs < target.pausedUntilMs && !isPersistent(target, judged)) return;
  reports.report(target, judged, nowMs);
  // Where the operator says how many failures a deployment may have, the window rule ejects nothing by itself.
  const ruled = allowedFails(failure.outcome, settings) !== null;
  const isOff = !ejects(settings) || cooldownMsOf(attempt.member, settings) === 0;
  if (target.ejection.phase === 'out' || ruled || isOff) return;
  // The verdict already does, or an operator decides.
  const health = view.health(target.id);
  if (health?.state === 'down' || health?.held === true) return;
  ejections.ejectTarget(target, beginning(failure, 'window'));
}

/** Failures without a success between them that eject also after a passed confirmation. */
const MANY_IN_ROW = 4;

function isPersistent({ failuresInRow }: TargetState, { by }: WindowVerdict): boolean {
  return by === 'share' || failuresInRow >= MANY_IN_ROW;
}

function beginning(failure: CountedFailure, cause: EjectionCause): Beginning {
  const { attempt, settings, outcome, now, nowMs } = failure;
  const { class: found, status } = outcome;
  const failed = { class: found, ...(status !== undefined && { status }) };
  return { cause, ...failed, cooldownMs: cooldownMsOf(attempt.member, settings), now, nowMs };
}

/** As LiteLLM: 0 is no cooldown where a deployment says it. */
function cooldownMsOf({ deployment }: Member, { cooldownMs }: RoutingSettings): number {
  return deployment.cooldownMs ?? cooldownMs;
}

function allowedFails(
  failure: PolicyFailure,
  { allowedFails: fails, allowedFailsPolicy }: RoutingSettings,
): number | null {
  return allowedFailsPolicy[policyErrorOf(failure)] ?? fails;
}

/** True if the configuration allows local ejections. */
export function ejects({ cooldowns, cooldownMs }: RoutingSettings): boolean {
  return cooldowns === 'on' && cooldownMs > 0;
}

function judge({ window }: TargetState, request: CountedRequest, now: StoreTime): WindowVerdict | undefined {
  window.add(request, now);
  return window.verdict(now);
}

/** The message is fixed text: nothing that an upstream sent leaves this pod this way. */
function failureOf({ class: failed, status, retryAfterMs }: FailedAttempt): Failure {
  const restMs = failed === 'overloaded' ? retryAfterMs : undefined;
  return {
    class: failed,
    message: 'requests failed',
    ...(status !== undefined && { status }),
    ...(restMs !== undefined && { retryAfterMs: Math.min(MOST_REST_MS, restMs) }),
  };
}
