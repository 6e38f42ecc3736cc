import type { HoldPage, State } from '../ask/index.ts';
import { groupsOf } from '../show/target-name.ts';
import type { CheckAnswer, Known, ListedTarget } from './source.ts';

/** `drained` is neither healthy nor unhealthy: an operator wants no traffic there. */
export type CheckOutcome = 'healthy' | 'unhealthy' | 'not-judged' | 'drained';

/** What a check found out about one target. */
export interface CheckRow {
  readonly target: string;
  readonly model: string;
  /** Public names of the groups that use it. */
  readonly groups: readonly string[];
  readonly outcome: CheckOutcome;
  /** What its probes say. */
  readonly state: State;
  readonly hold: HoldPage | null;
  readonly why: string;
  /** What to know beside the state: `unconfirmed`, `rate-limited`, `slow`, `probe-rejected`, `budget-spent`. */
  readonly flags: readonly string[];
  readonly latency_ms: number | null;
  /** The pod whose earlier probe answered the check, and its age; null where the check made a probe. */
  readonly reused: { readonly pod: string; readonly seconds_ago: number } | null;
  /** What a healthy target is to be warned of; null for nothing. */
  readonly warning: string | null;
}

/** A check reuses evidence younger than this. */
const REUSED_MS = 10_000;
/** For the way there and back, and for what clocks differ. */
const SLACK_MS = 2_000;

/** Judges what came of checking one target, which took `tookMs`. */
export function rowOf(listed: ListedTarget, answer: CheckAnswer, tookMs: number): CheckRow {
  const { target, model } = listed;
  const groups = groupsOf(listed.deployments);
  if (answer.kind === 'unreachable') {
    const unknown = { state: 'unknown', hold: null, flags: [], latency_ms: null, reused: null, warning: null } as const;
    return { target, model, groups, outcome: 'not-judged', why: answer.why, ...unknown };
  }
  const { known } = answer;
  const { state, hold, flags } = known;
  const latency = known.last?.latencyMs ?? null;
  const reused = reusedIn(known, tookMs);
  const row = { target, model, groups, state, hold, flags, latency_ms: latency, reused, warning: null };
  // What an operator decided counts, whatever was probed.
  if (hold?.kind === 'drain') return { ...row, outcome: 'drained', why: known.why };
  if (hold?.kind === 'hold-up') return { ...row, outcome: 'healthy', why: known.why };
  const { last } = known;
  if (last === null) return { ...row, outcome: 'not-judged', why: notWithin(tookMs) };
  if (last.answeredAgoMs > REUSED_MS + tookMs + SLACK_MS) {
    const age = Math.round(last.answeredAgoMs / 1_000);
    return { ...row, outcome: 'not-judged', why: `${notWithin(tookMs)}; the newest evidence is ${age} s old` };
  }
  const { why } = known;
  // The upstream answered, if only to reject the probe: that proves neither health nor a failure.
  if (state === 'unknown' && flags.includes('probe-rejected')) return { ...row, outcome: 'not-judged', why };
  if (!isHealthy(known)) return { ...row, outcome: 'unhealthy', why };
  return { ...row, outcome: 'healthy', why, warning: flags.some((flag) => warned.has(flag)) ? why : null };
}

/** Whether the newest probe was over before the check began: fresh evidence is taken as it is, whichever pod brought it. */
function reusedIn({ last }: Known, tookMs: number): CheckRow['reused'] {
  if (last === null || last.answeredAgoMs <= tookMs + SLACK_MS / 2) return null;
  return { pod: last.pod, seconds_ago: Math.round(last.answeredAgoMs / 1_000) };
}

/** Flags of a healthy target whose state rests on less than a probe of now. */
const warned: ReadonlySet<string> = new Set(['probe-rejected', 'budget-spent']);

/** All that gets traffic is healthy, and something does: what is drained is passed over. */
export function isWell(rows: readonly CheckRow[]): boolean {
  const judged = rows.filter(({ outcome }) => outcome !== 'drained');
  return judged.length > 0 && judged.every(({ outcome }) => outcome === 'healthy');
}

/** A target with an unconfirmed failure is not healthy. */
function isHealthy({ state, localOnly, run }: Known): boolean {
  return (state === 'up' || state === 'degraded') && run !== 'failed' && !localOnly;
}

function notWithin(tookMs: number): string {
  return `no probe was answered within ${Math.round(tookMs / 100) / 10} s`;
}
