import { effectOfFailure } from '../../health/index.ts';
import type { CountedRequest, Failure, FailureClass, StoreTime, WindowVerdict } from '../../health/index.ts';
import type { RoutingView } from '../../ports/index.ts';
import { isHalfOpen } from '../ejection.ts';
import type { Attempt, Member, TargetState } from '../member.ts';
import { policyErrorOf } from '../retry/retry-policy.ts';
import type { AttemptOutcome, RoutingSettings } from '../types.ts';
import type { Ejections } from './ejections.ts';
import { measureFirstByte } from './first-byte.ts';
import { before } from './reports.ts';
import type { Reports } from './reports.ts';

/** Longest `Retry-After` that counts, as for probes. */
const MOST_REST_MS = 600_000;
/** A verdict `degraded` of this pod's own window counts until the next one, at most for the length of the window. */
const DEGRADED_MS = 60_000;

type FailedAttempt = Extract<AttemptOutcome, { kind: 'failure' }>;
type Succeeded = Extract<AttemptOutcome, { kind: 'success' }>;

/** What learning from an outcome uses. */
export interface LearnParts {
  readonly view: RoutingView;
  readonly ejections: Ejections;
  readonly reports: Reports;
  readonly settings: RoutingSettings;
}

/** Learns from the end of one attempt. Faults of the caller and neutral outcomes prove nothing. */
export function learn(attempt: Attempt, outcome: AttemptOutcome, parts: LearnParts, nowMs: number): void {
  switch (outcome.kind) {
    case 'success':
      return learnSuccess(attempt.member, outcome, parts, nowMs);
    case 'failure':
      return isEvidence(attempt, outcome) ? learnFailure(attempt, outcome, parts, nowMs) : undefined;
    case 'caller-fault':
    case 'neutral':
      return undefined;
  }
}

function learnSuccess(member: Member, outcome: Succeeded, parts: LearnParts, nowMs: number): void {
  const { target } = member;
  const now = parts.view.now();
  const at = before(now, outcome.durationMs);
  const slow = measureFirstByte(member, outcome.firstByteMs, nowMs);
  target.failing = false;
  parts.ejections.trialPassed(member, at, nowMs);
  const judged = judge(target, { at, endedAt: now, latencyMs: outcome.firstByteMs, result: 'ok' }, now);
  const degraded = slow || judged?.verdict === 'degraded';
  target.degradedUntilMs = degraded ? nowMs + DEGRADED_MS : -Infinity;
  if (judged !== undefined) parts.reports.report(target, judged, nowMs);
}

/** A missing right of one key (403), or a request that only a probe sends, proves nothing; neither does a timeout that the caller's deadline caused. */
function isEvidence({ timeoutBy }: Attempt, { class: failed, status }: FailedAttempt): boolean {
  if (failed === 'bad-probe' || (failed === 'auth' && status === 403)) return false;
  return failed !== 'timeout' || timeoutBy !== 'deadline';
}

function learnFailure(attempt: Attempt, outcome: FailedAttempt, parts: LearnParts, nowMs: number): void {
  const { member } = attempt;
  const { target } = member;
  const now = parts.view.now();
  const at = before(now, outcome.durationMs);
  target.failing = true;
  target.failedAtMs = nowMs;
  if (outcome.retryAfterMs !== undefined) {
    target.restUntilMs = nowMs + Math.min(MOST_REST_MS, outcome.retryAfterMs);
  }
  const result = effectOfFailure(outcome.class);
  const request = { at, endedAt: now, latencyMs: outcome.durationMs, result, failure: failureOf(outcome) };
  const judged = judge(target, request, now);
  const degraded = judged !== undefined && judged.verdict !== 'success';
  target.degradedUntilMs = degraded ? nowMs + DEGRADED_MS : target.degradedUntilMs;
  const begin: EjectionInput = { class: outcome.class, now, nowMs, judged };
  coolDown(member, begin, parts);
  failTrial(attempt, begin, parts);
  if (judged === undefined) return;
  if (judged.verdict === 'suspect') suspect(member, judged, begin, parts);
  else if (judged.verdict === 'degraded') parts.reports.report(target, judged, nowMs);
}

interface EjectionInput {
  readonly class: FailureClass;
  readonly now: StoreTime;
  readonly nowMs: number;
  readonly judged: WindowVerdict | undefined;
}

/** The window rule found the target suspect: this pod avoids it at once, and the fleet confirms or refutes it. */
function suspect(
  member: Member,
  judged: WindowVerdict,
  { now, nowMs, ...begin }: EjectionInput,
  parts: LearnParts,
): void {
  const { target } = member;
  const { settings, ejections, reports } = parts;
  // A confirmation passed lately: until its pause has passed, failures in a row are not enough again, but most failing is.
  const paused = nowMs < target.pausedUntilMs && judged.by !== 'share';
  target.suspectedAtMs = nowMs;
  if (paused) return;
  reports.report(target, judged, nowMs);
  if (target.ejection.phase === 'out' || isCountedByOperator(begin.class, settings) || !ejects(settings)) return;
  const { cooldownMs } = settings;
  ejections.ejectTarget(target, { cause: 'window', class: begin.class, cooldownMs, now, nowMs });
}

/** A trial that failed: out again. One that failed after its ejection ended is an ordinary failure. */
function failTrial(
  attempt: Attempt,
  { now, nowMs, ...begin }: EjectionInput,
  { settings, ejections }: LearnParts,
): void {
  const { member, targetTrial, deploymentTrial } = attempt;
  const { cooldownMs } = settings;
  const beginning = { cause: 'failed-trial' as const, class: begin.class, cooldownMs, now, nowMs };
  if (targetTrial !== 0 && isHalfOpen(member.target.ejection, nowMs)) ejections.ejectTarget(member.target, beginning);
  if (deploymentTrial !== 0 && isHalfOpen(member.cooldown, nowMs)) ejections.ejectDeployment(member, beginning);
}

/** `allowed_fails` and `allowed_fails_policy`: one failure more than they allow within a minute cools the deployment down. */
function coolDown(member: Member, { now, nowMs, ...begin }: EjectionInput, { settings, ejections }: LearnParts): void {
  member.failures.add(1, nowMs, nowMs);
  const allowed = allowedFails(begin.class, settings);
  if (allowed === null || !ejects(settings) || member.cooldown.phase === 'out') return;
  if (member.failures.total(nowMs) <= allowed) return;
  member.failures.clear();
  const { cooldownMs } = settings;
  ejections.ejectDeployment(member, { cause: 'allowed-fails', class: begin.class, cooldownMs, now, nowMs });
}

/** Where the operator says how many failures a deployment may have, the window rule ejects nothing by itself. */
function isCountedByOperator(failed: FailureClass, settings: RoutingSettings): boolean {
  return allowedFails(failed, settings) !== null;
}

function allowedFails(
  failed: FailureClass,
  { allowedFails: fails, allowedFailsPolicy }: RoutingSettings,
): number | null {
  const kind = policyErrorOf(failed);
  return (kind === undefined ? undefined : allowedFailsPolicy[kind]) ?? fails;
}

function ejects({ cooldowns, cooldownMs }: RoutingSettings): boolean {
  return cooldowns === 'on' && cooldownMs > 0;
}

function judge({ window }: TargetState, request: CountedRequest, now: StoreTime): WindowVerdict | undefined {
  window.add(request, now);
  return window.verdict(now);
}

/** The message is fixed text: nothing that an upstream sent leaves this pod this way. */
function failureOf({ class: failed, status, retryAfterMs }: FailedAttempt): Failure {
  return {
    class: failed,
    message: 'requests failed',
    ...(status !== undefined && { status }),
    ...(failed === 'overloaded' &&
      retryAfterMs !== undefined && { retryAfterMs: Math.min(MOST_REST_MS, retryAfterMs) }),
  };
}
