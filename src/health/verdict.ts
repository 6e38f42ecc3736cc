import type { Facts, Overload, FailureSeries, FailureRun } from './facts.ts';
import { isExternalHost } from './ids.ts';
import type { StoreTime } from './ids.ts';
import { withoutUnprobedLevels, unprobedLevelNote } from './unprobed-level.ts';
import type { AblePod, VerdictContext } from './verdict-context.ts';
import { reaches } from './level.ts';
import { isDefinite, needsOperator } from './outcome.ts';
import type { Policy } from './policy.ts';
import { isSeenElsewhere, recentHosts } from './failure-series.ts';
import { slowness } from './slow.ts';
import { nothingKnown, notConfirmedBy, shown, success, summary } from './verdict-text.ts';

/** Rate-limit answers in a row after which a target is down. */
export const OVERLOADS_UNTIL_DOWN = 3;
/** Intervals for which a rejected probe proves that the upstream answers that host. */
const REJECTED_INTERVALS = 3;

/** State of a target. `unknown`: there is no evidence about its health. Stale evidence is a flag, not a state. */
export type State = 'unknown' | 'up' | 'degraded' | 'suspect' | 'down';

/**
 * Flags beside the state:
 *
 * - `unconfirmed`: down, but one host alone saw it; the others could not probe or did not.
 * - `rate-limited`: the newest answers are rate limits.
 * - `slow`: the running probe takes far longer than usual.
 * - `probe-rejected`: the upstream rejects the probe request, so the state rests on older evidence.
 * - `budget-spent`: unbilled checks replace paid probes, so the deeper level is not probed.
 */
export type VerdictFlag = 'unconfirmed' | 'rate-limited' | 'slow' | 'probe-rejected' | 'budget-spent';

/** State that one pod computes from a target's facts. */
export interface Verdict {
  readonly state: State;
  /** Start of the run that the state rests on; null for `unknown` without evidence. */
  readonly since: StoreTime | null;
  /** Reason, one line. */
  readonly why: string;
  readonly flags: readonly VerdictFlag[];
}

/**
 * The verdict on facts by a policy. Pure. Any failure may be the pod's own fault (a broken network, a proxy that answers
 * every request with 401). So it changes the verdict of other hosts only after two hosts saw it recently, or after no other
 * host could probe in time. Until then only the witness itself calls the target suspect.
 */
export function verdictOf(known: Facts | undefined, policy: Policy, context: VerdictContext): Verdict {
  const facts = known === undefined ? undefined : withoutUnprobedLevels(known, context);
  const bare = settledVerdict(facts, policy, withLongerWait(facts, context));
  const note = known === undefined || facts === undefined ? '' : unprobedLevelNote(known, facts);
  const settled = withRejection(facts, { ...bare, why: bare.why + note });
  const slow = context.withoutProbes === true ? undefined : slowness(facts, context);
  if (slow === undefined) return settled;
  const { state, flags } = settled;
  if (state === 'unknown') return { ...settled, why: slow, flags: [...flags, 'slow'] };
  return state === 'up'
    ? { state: 'degraded', since: context.probing?.since ?? null, why: slow, flags: [...flags, 'slow'] }
    : settled;
}

function withRejection(facts: Facts | undefined, verdict: Verdict): Verdict {
  return facts?.rejected === undefined ? verdict : { ...verdict, flags: [...verdict.flags, 'probe-rejected'] };
}

/** True while the next probe can settle a pending change, so it is due before its grid point. */
export function isPending(known: Facts, policy: Policy, context: VerdictContext): boolean {
  const facts = withoutUnprobedLevels(known, context);
  const { run, failureRun } = facts;
  if (failureRun === undefined || run.kind === 'none') return false;
  if (run.kind === 'failed') {
    const how = confirmation(failureRun, policy, withLongerWait(facts, context), context.now);
    // What one host alone saw is still to be confirmed by the others, however often that host probes.
    const unconfirmed = how === 'wait-over' && !recentHosts(failureRun).includes(context.host);
    return how === 'open' || unconfirmed || wantsThirdHost(failureRun, context);
  }
  const wasDown = confirmation(failureRun, policy, context, failureRun.at) !== 'open';
  return wasDown && run.length < policy.rise;
}

/** Able pods on hosts that are not recent witnesses: a probe of theirs can confirm or refute the series. */
export function podsToConfirm(series: FailureSeries, { able }: Pick<VerdictContext, 'able'>): readonly AblePod[] {
  const recent = recentHosts(series);
  return able().filter(({ host, level }) => !recent.includes(host) && reaches(level, series.level));
}

function settledVerdict(facts: Facts | undefined, policy: Policy, context: VerdictContext): Verdict {
  if (facts === undefined) return { state: 'unknown', since: null, why: nothingKnown(context), flags: [] };
  const { run, failureRun, overload } = facts;
  const failing =
    run.kind === 'failed' && failureRun !== undefined ? failingVerdict(facts, failureRun, policy, context) : undefined;
  if (failing?.state === 'down') return failing;
  if (overload !== undefined) return overloadedVerdict(overload, context);
  return failing ?? verdictWithoutFailure(facts, policy, context);
}

function verdictWithoutFailure(facts: Facts, policy: Policy, context: VerdictContext): Verdict {
  const { run, failureRun, rejected } = facts;
  const refused = rejected === undefined ? undefined : `the upstream rejects the probe request (${shown(rejected)})`;
  if (run.kind === 'none') return { state: 'unknown', since: null, why: refused ?? nothingKnown(context), flags: [] };
  // `rise` applies only to a target that was down.
  const wasDown = failureRun !== undefined && confirmation(failureRun, policy, context, failureRun.at) !== 'open';
  if (wasDown && run.length < policy.rise) {
    const good = context.withoutProbes === true ? 'successes' : 'good probes';
    const why = `recovering, ${run.length} of ${policy.rise} ${good}, after ${summary(failureRun)}`;
    return { state: 'down', since: failureRun.since, why, flags: [] };
  }
  const why = refused === undefined ? success(facts, context) : `based on older evidence: ${refused}`;
  return { state: 'up', since: run.since, why, flags: [] };
}

function overloadedVerdict(overload: Overload, context: VerdictContext): Verdict {
  const { since, length, quietMs, at } = overload;
  const flags: VerdictFlag[] = ['rate-limited'];
  const enough = length >= OVERLOADS_UNTIL_DOWN;
  const how = confirmedBy(overload, enough, context, context.now);
  const times = length === 1 ? 'once' : `${length} times in a row`;
  if (enough && how !== 'open') {
    const missing = how === 'two-hosts' ? undefined : missingConfirmation(overload, how, context);
    const why = `${missing ?? ''}rate-limited ${times} without a good answer: ${shown(overload)}`;
    return { state: 'down', since, why, flags: missing === undefined ? flags : [...flags, 'unconfirmed'] };
  }
  const rests = quietMs !== undefined && context.now < at + quietMs * 1000;
  const rest = quietMs === undefined ? '' : rests ? '; Retry-After has not passed yet' : '; Retry-After has passed';
  return { state: 'degraded', since, why: `rate-limited ${times}: ${shown(overload)}${rest}`, flags };
}

function failingVerdict(facts: Facts, failureRun: FailureRun, policy: Policy, context: VerdictContext): Verdict {
  const how = confirmation(failureRun, policy, context, context.now);
  const { since, witnesses } = failureRun;
  if (how === 'two-hosts') return { state: 'down', since, why: summary(failureRun), flags: [] };
  if (how !== 'open') {
    const missing = missingConfirmation(failureRun, how, context);
    return {
      state: 'down',
      since,
      why: `${missing ?? ''}${summary(failureRun, 'seen')}`,
      flags: missing ? ['unconfirmed'] : [],
    };
  }
  // Two hosts confirmed it before, and another host is to probe at once: the state stays until that probe ends.
  if (isStillConfirmed(failureRun, policy, context)) {
    return { state: 'down', since, why: summary(failureRun), flags: [] };
  }
  const mine = recentHosts(failureRun).includes(context.host);
  if (mine || witnesses.length > 1) {
    return { state: 'suspect', since, why: `not confirmed yet: ${summary(failureRun, 'seen')}`, flags: [] };
  }
  const why = `not confirmed by a second pod yet: ${summary(failureRun)}`;
  return { state: stateBefore(facts, failureRun, policy, context), since, why, flags: [] };
}

/**
 * Text on the pods that did not confirm what one host saw; the same in all pods. Undefined if no pod on another host has the
 * target.
 */
function missingConfirmation(
  series: FailureSeries,
  how: 'only-able-host' | 'wait-over',
  { others, discounted, withoutProbes }: VerdictContext,
): string | undefined {
  const discountedHosts = discounted?.() ?? [];
  const witness = recentHosts(series).find((host) => !discountedHosts.includes(host));
  const missing = witness === undefined ? [] : (others?.(witness) ?? []);
  // Other pods without probes confirm a failure only where they happen to have a request.
  if (withoutProbes === true) return missing.length > 0 || how === 'wait-over' ? NO_OTHER_FAILED : undefined;
  if (missing.length === 0) return how === 'wait-over' ? 'unconfirmed, no other pod probed it: ' : undefined;
  return `unconfirmed, no other pod probed it (${notConfirmedBy(missing, series.level)}): `;
}

const NO_OTHER_FAILED = 'unconfirmed by a request of another pod: ';

/**
 * Confirmation of a series of failures:
 *
 * - `open`: not settled yet.
 * - `two-hosts`: two hosts saw it recently.
 * - `only-able-host`: this host alone saw it, and no other is able to probe.
 * - `wait-over`: one host saw it, and no other probed in time, able or not. Never requests of other programs while a pod is able.
 */
type Confirmation = 'open' | 'two-hosts' | 'only-able-host' | 'wait-over';

function confirmation(
  failureRun: Omit<FailureRun, 'previous'>,
  { fall }: Policy,
  context: VerdictContext,
  until: StoreTime,
): Confirmation {
  const enough = failureRun.length >= fall;
  const how = confirmedBy(failureRun, enough, context, until);
  if (enough || how === 'open') return how;
  const sure = how === 'two-hosts' ? isDefinite(failureRun.class) : needsOperator(failureRun.class);
  return sure ? how : 'open';
}

/**
 * The judge with an endless wait while a recently rejected probe proves that the upstream answers another host. Then one
 * host alone cannot make the target down, however long it waits.
 */
function withLongerWait(facts: Facts | undefined, context: VerdictContext): VerdictContext {
  const { run, failureRun, overload, rejected } = facts ?? {};
  const series = run?.kind === 'failed' ? failureRun : overload;
  if (rejected === undefined || series === undefined || !isSeenElsewhere(rejected, series)) return context;
  const sinceMs = (context.now - rejected.at) / 1000;
  return sinceMs <= REJECTED_INTERVALS * context.intervalMs ? { ...context, waitMs: Infinity } : context;
}

/** Confirmation of a series. `enough`: it is long enough that one witness counts after the wait. */
function confirmedBy(series: FailureSeries, enough: boolean, context: VerdictContext, until: StoreTime): Confirmation {
  const discounted = context.discounted?.() ?? [];
  const hosts = recentHosts(series).filter((host) => !discounted.includes(host));
  // Probes decide, however long the requests of other programs fail: they may be those of one caller, or invented.
  if (hosts.every(isExternalHost) && context.able().length > 0) return 'open';
  if (hosts.length > 1) return 'two-hosts';
  const [witness] = hosts;
  if (witness === undefined) return 'open';
  if (witness === context.host && podsToConfirm(series, context).length === 0) return 'only-able-host';
  const waitedMs = (until - Math.max(series.aloneSince ?? series.at, context.waitingSince ?? 0)) / 1000;
  return enough && waitedMs > context.waitMs ? 'wait-over' : 'open';
}

function isStillConfirmed(
  failureRun: FailureRun,
  { fall, edgeIntervalMs }: Policy,
  { now, probing }: VerdictContext,
): boolean {
  const { length, witnesses, aloneSince = 0 } = failureRun;
  const confirmed = witnesses.length > 1 && (length > fall || isDefinite(failureRun.class));
  const confirming = probing !== undefined && probing.pod !== witnesses.at(-1)?.pod;
  return confirmed && (confirming || now - aloneSince <= edgeIntervalMs * 1000);
}

/**
 * True if a third host should probe soon: two hosts that share a fault of their own would otherwise confirm a failure that
 * no other host sees.
 */
function wantsThirdHost(failureRun: FailureRun, context: VerdictContext): boolean {
  return failureRun.length === 2 && failureRun.witnesses.length === 2 && podsToConfirm(failureRun, context).length > 0;
}

/** State before an unconfirmed failure. */
function stateBefore(
  { overload }: Facts,
  { after, previous }: FailureRun,
  policy: Policy,
  context: VerdictContext,
): State {
  if (overload !== undefined) return 'degraded';
  if (after === 0) return 'unknown';
  const down = previous !== undefined && confirmation(previous, policy, context, previous.at) !== 'open';
  return down && after < policy.rise ? 'down' : 'up';
}
