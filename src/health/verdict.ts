import { counted } from './counted.ts';
import type { Facts, Overload, FailureSeries, FailureRun } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { withoutUnprobedLevels, unprobedLevelNote } from './unprobed-level.ts';
import type { AblePod, Hindrance, Judge, Peer } from './judge.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';
import { isDefinite, needsOperator } from './outcome.ts';
import type { FailureClass } from './outcome.ts';
import type { Policy } from './policy.ts';
import { isSeenElsewhere, ofClassIn, recentHosts } from './failure-series.ts';
import { slowness } from './slow.ts';

/** Looks without a good answer after which an upstream that only asks for less counts as down. */
export const OVERLOADS_UNTIL_DOWN = 3;
/** For so many intervals a rejected probe shows that the upstream answers; other hosts than the one that fails look meanwhile. */
const REJECTED_INTERVALS = 3;

/** `unknown`: never judged. Staleness is a flag beside the state, never a state. */
export type State = 'unknown' | 'up' | 'degraded' | 'suspect' | 'down';

/**
 * What an operator should know beside the state: `unconfirmed`: down by one host alone, the others could not look, or did not ·
 * `rate-limited` · `slow`: the running probe takes far longer than usual · `probe-rejected`: the upstream refuses the probe
 * itself, so that the state is that of older evidence · `budget-spent`: unbilled checks replace paid probes, so the deeper
 * level is not looked at.
 */
export type VerdictFlag = 'unconfirmed' | 'rate-limited' | 'slow' | 'probe-rejected' | 'budget-spent';

/** One pod's judgement of a target's facts. */
export interface Verdict {
  readonly state: State;
  /** Since when this run of evidence goes on; null for `unknown` without any evidence. */
  readonly since: StoreTime | null;
  /** One line: what made it so. */
  readonly why: string;
  readonly flags: readonly VerdictFlag[];
}

/**
 * Judges facts by a policy. Pure. Any failure may be the pod's own fault (a broken network, a proxy that answers 401 to
 * all), so it changes another host's verdict only once two hosts saw it recently, or once nobody else was able to look:
 * until then only the witness itself is suspicious.
 */
export function verdictOf(known: Facts | undefined, policy: Policy, judge: Judge): Verdict {
  const facts = known === undefined ? undefined : withoutUnprobedLevels(known, judge);
  const bare = settledVerdict(facts, policy, withLongerWait(facts, judge));
  const unseen = known === undefined || facts === undefined ? '' : unprobedLevelNote(known, facts);
  const settled = withRejection(facts, { ...bare, why: bare.why + unseen });
  const slow = slowness(facts, judge);
  if (slow === undefined) return settled;
  const { state, flags } = settled;
  if (state === 'unknown') return { ...settled, why: slow, flags: [...flags, 'slow'] };
  return state === 'up'
    ? { state: 'degraded', since: judge.probing?.since ?? null, why: slow, flags: [...flags, 'slow'] }
    : settled;
}

function withRejection(facts: Facts | undefined, verdict: Verdict): Verdict {
  return facts?.rejected === undefined ? verdict : { ...verdict, flags: [...verdict.flags, 'probe-rejected'] };
}

/** Whether the next probe decides a pending change, and so is due before its time. */
export function isPending(known: Facts, policy: Policy, judge: Judge): boolean {
  const facts = withoutUnprobedLevels(known, judge);
  const { run, failureRun } = facts;
  if (failureRun === undefined || run.kind === 'none') return false;
  if (run.kind === 'failed') {
    const how = confirmation(failureRun, policy, withLongerWait(facts, judge), judge.now);
    // What only a lone witness sees stays to be confirmed by the others, at whatever pace the witness looks.
    const unconfirmed = how === 'lone' && !recentHosts(failureRun).includes(judge.host);
    return how === 'open' || unconfirmed || wantsThirdHost(failureRun, judge);
  }
  const wasDown = confirmation(failureRun, policy, judge, failureRun.at) !== 'open';
  return wasDown && run.length < policy.rise;
}

/** Able pods on hosts that have not seen these signs lately: whoever should look next. */
export function podsToConfirm(series: FailureSeries, { able }: Pick<Judge, 'able'>): readonly AblePod[] {
  const recent = recentHosts(series);
  return able().filter(({ host, level }) => !recent.includes(host) && reaches(level, series.level));
}

function settledVerdict(facts: Facts | undefined, policy: Policy, judge: Judge): Verdict {
  if (facts === undefined) return { state: 'unknown', since: null, why: 'never probed', flags: [] };
  const { run, failureRun, overload } = facts;
  const failing =
    run.kind === 'failed' && failureRun !== undefined ? failingVerdict(facts, failureRun, policy, judge) : undefined;
  if (failing?.state === 'down') return failing;
  if (overload !== undefined) return overloadedVerdict(overload, judge);
  return failing ?? verdictWithoutFailure(facts, policy, judge);
}

function verdictWithoutFailure({ run, failureRun, rejected }: Facts, policy: Policy, judge: Judge): Verdict {
  const refused = rejected === undefined ? undefined : `the upstream rejects the probe request (${shown(rejected)})`;
  if (run.kind === 'none') return { state: 'unknown', since: null, why: refused ?? 'never probed', flags: [] };
  // Only what was down has to rise step by step.
  const wasDown = failureRun !== undefined && confirmation(failureRun, policy, judge, failureRun.at) !== 'open';
  if (wasDown && run.length < policy.rise) {
    const why = `recovering, ${run.length} of ${policy.rise} good probes, after ${summary(failureRun)}`;
    return { state: 'down', since: failureRun.since, why, flags: [] };
  }
  const why = refused === undefined ? 'the last probe passed' : `based on older evidence: ${refused}`;
  return { state: 'up', since: run.since, why, flags: [] };
}

function overloadedVerdict(overload: Overload, judge: Judge): Verdict {
  const { since, length, quietMs, at } = overload;
  const flags: VerdictFlag[] = ['rate-limited'];
  const enough = length >= OVERLOADS_UNTIL_DOWN;
  const how = confirmedBy(overload, enough, judge, judge.now);
  const times = length === 1 ? 'once' : `${length} times in a row`;
  if (enough && how !== 'open') {
    const missing = how === 'witnessed' ? undefined : missingConfirmation(overload, how, judge);
    const why = `${missing ?? ''}rate-limited ${times} without a good answer: ${shown(overload)}`;
    return { state: 'down', since, why, flags: missing === undefined ? flags : [...flags, 'unconfirmed'] };
  }
  const rests = quietMs !== undefined && judge.now < at + quietMs * 1000;
  const rest = quietMs === undefined ? '' : rests ? '; Retry-After has not passed yet' : '; Retry-After has passed';
  return { state: 'degraded', since, why: `rate-limited ${times}: ${shown(overload)}${rest}`, flags };
}

function failingVerdict(facts: Facts, failureRun: FailureRun, policy: Policy, judge: Judge): Verdict {
  const how = confirmation(failureRun, policy, judge, judge.now);
  const { since, witnesses } = failureRun;
  if (how === 'witnessed') return { state: 'down', since, why: summary(failureRun), flags: [] };
  if (how !== 'open') {
    const missing = missingConfirmation(failureRun, how, judge);
    return {
      state: 'down',
      since,
      why: `${missing ?? ''}${summary(failureRun, 'seen')}`,
      flags: missing ? ['unconfirmed'] : [],
    };
  }
  // Another host is to look at once: until it had a moment to, and while it does, what two hosts confirmed stays.
  if (isStillConfirmed(failureRun, policy, judge)) return { state: 'down', since, why: summary(failureRun), flags: [] };
  const mine = recentHosts(failureRun).includes(judge.host);
  if (mine || witnesses.length > 1) {
    return { state: 'suspect', since, why: `not confirmed yet: ${summary(failureRun, 'seen')}`, flags: [] };
  }
  const why = `not confirmed by a second pod yet: ${summary(failureRun)}`;
  return { state: stateBefore(facts, failureRun, policy, judge), since, why, flags: [] };
}

/**
 * One host alone saw it: who did not confirm it, in all pods alike; undefined where no pod on another host has the target.
 */
function missingConfirmation(
  series: FailureSeries,
  how: 'only' | 'lone',
  { others, discounted }: Judge,
): string | undefined {
  const discountedHosts = discounted?.() ?? [];
  const witness = recentHosts(series).find((host) => !discountedHosts.includes(host));
  const missing = witness === undefined ? [] : (others?.(witness) ?? []);
  if (missing.length === 0) return how === 'lone' ? 'unconfirmed, no other pod probed it: ' : undefined;
  return `unconfirmed, no other pod probed it (${notConfirmedBy(missing, series.level)}): `;
}

/**
 * - `open`: not decided yet.
 * - `witnessed`: two hosts saw it lately.
 * - `only`: this host alone saw it, and no other is able to look.
 * - `lone`: one host saw it, and no other looked in time, able or not.
 */
type Confirmation = 'open' | 'witnessed' | 'only' | 'lone';

function confirmation(
  failureRun: Omit<FailureRun, 'previous'>,
  { fall }: Policy,
  judge: Judge,
  until: StoreTime,
): Confirmation {
  const enough = failureRun.length >= fall;
  const how = confirmedBy(failureRun, enough, judge, until);
  if (enough || how === 'open') return how;
  const sure = how === 'witnessed' ? isDefinite(failureRun.class) : needsOperator(failureRun.class);
  return sure ? how : 'open';
}

/**
 * A host whose probe was rejected lately did look, and was answered: while that lasts, what one other host alone sees is not
 * believed, however long it has been waiting.
 */
function withLongerWait(facts: Facts | undefined, judge: Judge): Judge {
  const { run, failureRun, overload, rejected } = facts ?? {};
  const series = run?.kind === 'failed' ? failureRun : overload;
  if (rejected === undefined || series === undefined || !isSeenElsewhere(rejected, series)) return judge;
  const sinceMs = (judge.now - rejected.at) / 1000;
  return sinceMs <= REJECTED_INTERVALS * judge.intervalMs ? { ...judge, waitMs: Infinity } : judge;
}

/** By whom signs are confirmed; `enough` of them, where a lone witness is to be believed although others could look. */
function confirmedBy(series: FailureSeries, enough: boolean, judge: Judge, until: StoreTime): Confirmation {
  const discounted = judge.discounted?.() ?? [];
  const hosts = recentHosts(series).filter((host) => !discounted.includes(host));
  if (hosts.length > 1) return 'witnessed';
  const [witness] = hosts;
  if (witness === undefined) return 'open';
  if (witness === judge.host && podsToConfirm(series, judge).length === 0) return 'only';
  const waitedMs = (until - Math.max(series.aloneSince ?? series.at, judge.waitingSince ?? 0)) / 1000;
  return enough && waitedMs > judge.waitMs ? 'lone' : 'open';
}

function isStillConfirmed(failureRun: FailureRun, { fall, edgeIntervalMs }: Policy, { now, probing }: Judge): boolean {
  const { length, witnesses, aloneSince = 0 } = failureRun;
  const confirmed = witnesses.length > 1 && (length > fall || isDefinite(failureRun.class));
  const looking = probing !== undefined && probing.pod !== witnesses.at(-1)?.pod;
  return confirmed && (looking || now - aloneSince <= edgeIntervalMs * 1000);
}

/**
 * Two hosts that share a fault of their own settle a failure that all others would not find: where there is a third, it
 * looks once, soon.
 */
function wantsThirdHost(failureRun: FailureRun, judge: Judge): boolean {
  return failureRun.length === 2 && failureRun.witnesses.length === 2 && podsToConfirm(failureRun, judge).length > 0;
}

/** What the state was before an unconfirmed failure. */
function stateBefore({ overload }: Facts, { after, previous }: FailureRun, policy: Policy, judge: Judge): State {
  if (overload !== undefined) return 'degraded';
  if (after === 0) return 'unknown';
  const down = previous !== undefined && confirmation(previous, policy, judge, previous.at) !== 'open';
  return down && after < policy.rise ? 'down' : 'up';
}

/** For example `3 server errors (HTTP 500), confirmed by 2 pods: overloaded`. */
function summary(failureRun: Omit<FailureRun, 'previous'>, verb: 'confirmed' | 'seen' = 'confirmed'): string {
  const { class: name, status, length, witnesses, message } = failureRun;
  const ofClass = ofClassIn(failureRun);
  // A timeout has the status of no answer: 408 is this pod's own.
  const http = status === undefined || name === 'timeout' ? '' : ` (HTTP ${status})`;
  const all = ofClass < length ? `, ${length} failures in total` : '';
  const by = witnesses.length === 1 ? 'seen by one pod' : `${verb} by ${witnesses.length} pods`;
  return `${counted(ofClass, nouns[name])}${http}${all}, ${by}: ${message}`;
}

const nouns: Readonly<Record<FailureClass, string>> = {
  network: 'network error',
  timeout: 'timeout',
  server: 'server error',
  overloaded: 'rate-limit error',
  quota: 'quota error',
  auth: 'auth error',
  'not-found': 'not-found error',
  'bad-probe': 'rejected probe',
};

function shown({ status, message }: { readonly status?: number; readonly message: string }): string {
  return status === undefined ? message : `HTTP ${status}: ${message}`;
}

const MAX_NAMED = 3;

const hindranceTexts: Readonly<Record<Hindrance, string>> = {
  blind: 'gets no probe results',
  impaired: 'is impaired',
  'fails-alone': 'fails where other pods succeed',
  'on-demand-only': 'probes only on demand',
};

/** Up to three pods that did not confirm what one host saw, each with its reason, for example `b gets no probe results`. */
function notConfirmedBy(peers: readonly Peer[], seenAt: Level): string {
  const named = peers.slice(0, MAX_NAMED).map((peer) => `${peer.pod} ${reasonOf(peer, seenAt)}`);
  return [...named, ...(peers.length > MAX_NAMED ? ['and more'] : [])].join(', ');
}

function reasonOf({ hindrance, level }: Peer, seenAt: Level): string {
  if (hindrance !== undefined) return hindranceTexts[hindrance];
  return reaches(level, seenAt) ? 'did not probe in time' : `probes at level ${level} only`;
}
