import type { Facts, Trouble } from './facts.ts';
import type { PodId, StoreTime } from './ids.ts';
import { isDefinite, staysBroken } from './outcome.ts';
import type { Policy } from './policy.ts';

/** `unknown`: never judged. Staleness is a flag beside the state, never a state. */
export type State = 'unknown' | 'up' | 'degraded' | 'suspect' | 'down';

/** One pod's judgement of a target's facts. */
export interface Verdict {
  readonly state: State;
  /** Since when this run of evidence goes on; null for `unknown` without any evidence. */
  readonly since: StoreTime | null;
  /** One line: what made it so. */
  readonly why: string;
}

/** Who judges, and when. */
export interface Judge {
  readonly self: PodId;
  readonly now: StoreTime;
  /** Whether another live member knows the target and could be a second witness. */
  readonly peers: boolean;
}

/**
 * Judges facts by a policy. Pure. Any failure may be the pod's own fault (a broken network, a proxy that answers 401 to
 * all), so while peers live it changes another pod's verdict only once two pods saw it: until then only the witness
 * itself is wary.
 */
export function verdictOf(facts: Facts | undefined, policy: Policy, judge: Judge): Verdict {
  if (facts === undefined) return { state: 'unknown', since: null, why: 'never probed' };
  const { run, trouble } = facts;
  if (run.kind === 'overloaded') return overloaded(facts, judge);
  if (trouble === undefined) return { state: 'up', since: run.since, why: 'the last probe passed' };
  if (run.kind === 'failed') return failing(trouble, policy, judge);
  // Only what was down has to rise step by step.
  const risen = run.length >= policy.rise || !settled(trouble, policy, judge);
  if (risen) return { state: 'up', since: run.since, why: 'the last probe passed' };
  return {
    state: 'down',
    since: trouble.since,
    why: `${run.length} of ${policy.rise} good probes since: ${summary(trouble)}`,
  };
}

/** Whether the next probe decides a pending change, and so is due before its time. */
export function isPending(facts: Facts, policy: Policy, judge: Judge): boolean {
  const { run, trouble } = facts;
  if (trouble === undefined || run.kind === 'overloaded') return false;
  const down = settled(trouble, policy, judge);
  return run.kind === 'failed' ? !down : down && run.length < policy.rise;
}

function overloaded({ run }: Facts, { now }: Judge): Verdict {
  if (run.until !== undefined && now >= run.until) {
    return { state: 'up', since: run.since, why: 'overloaded before, its time is over' };
  }
  return { state: 'degraded', since: run.since, why: 'overloaded: it answers, but asks for less' };
}

function failing(trouble: Trouble, policy: Policy, judge: Judge): Verdict {
  if (settled(trouble, policy, judge)) return { state: 'down', since: trouble.since, why: summary(trouble) };
  const mine = trouble.witnesses.some(({ pod }) => pod === judge.self);
  if (mine || trouble.witnesses.length > 1) {
    return { state: 'suspect', since: trouble.since, why: `unconfirmed: ${summary(trouble)}` };
  }
  return {
    state: before(trouble, policy, judge),
    since: trouble.since,
    why: `one pod reports, no second witness yet: ${summary(trouble)}`,
  };
}

/**
 * A pod alone believes its own eyes: an answer that no retry would change at once, the rest after `fall` looks, for a
 * network has blips. What one other pod saw it has yet to see for itself.
 */
function settled({ class: name, length, witnesses }: Trouble, policy: Policy, { self, peers }: Judge): boolean {
  const enough = length >= policy.fall;
  if (witnesses.length > 1) return enough || isDefinite(name);
  return (enough || staysBroken(name)) && !peers && witnesses[0]?.pod === self;
}

/** What the state was before an unconfirmed failure. */
function before({ after, previous }: Trouble, policy: Policy, judge: Judge): State {
  if (after === 0) return 'unknown';
  return previous !== undefined && after < policy.rise && settled(previous, policy, judge) ? 'down' : 'up';
}

function summary({ class: name, message, length, witnesses }: Trouble): string {
  const times = length === 1 ? 'once' : `${length} times`;
  const pods = witnesses.length === 1 ? 'one pod' : `${witnesses.length} pods`;
  return `${name}, ${times}, seen by ${pods}: ${message}`;
}
