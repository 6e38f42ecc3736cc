import type { State } from '../ask/index.ts';
import type { CheckAnswer, Known, ListedTarget } from './source.ts';

export type Outcome = 'healthy' | 'unhealthy' | 'not-judged';

/** What a check found out about one target. */
export interface CheckRow {
  readonly target: string;
  readonly model: string;
  /** Public names of the groups that use it. */
  readonly groups: readonly string[];
  readonly outcome: Outcome;
  readonly state: State;
  readonly why: string;
  readonly latency_ms: number | null;
}

/** A pod takes a probe of anybody's for its own if the answer is younger than this. */
const REUSED_MS = 10_000;
/** For the way there and back, and for what clocks differ. */
const SLACK_MS = 2_000;

/** Judges what came of checking one target, which took `tookMs`. */
export function rowOf(listed: ListedTarget, answer: CheckAnswer, tookMs: number): CheckRow {
  const { target, model } = listed;
  const groups = [...new Set(listed.deployments.map(({ model_name: name }) => name))];
  if (answer.kind === 'unreachable') {
    return { target, model, groups, outcome: 'not-judged', state: 'unknown', why: answer.why, latency_ms: null };
  }
  const { known } = answer;
  const row = { target, model, groups, state: known.state, latency_ms: known.lastProbe?.latencyMs ?? null };
  const { lastProbe } = known;
  if (lastProbe === null) return { ...row, outcome: 'not-judged', why: notWithin(tookMs) };
  if (lastProbe.answeredAgoMs > REUSED_MS + tookMs + SLACK_MS) {
    const age = Math.round(lastProbe.answeredAgoMs / 1_000);
    return { ...row, outcome: 'not-judged', why: `${notWithin(tookMs)}; what is known is ${age} s old` };
  }
  return { ...row, outcome: isHealthy(known) ? 'healthy' : 'unhealthy', why: known.why };
}

/** A failure that nobody confirmed is no health, either. */
function isHealthy({ state, localOnly, run }: Known): boolean {
  return (state === 'up' || state === 'degraded') && run !== 'failed' && !localOnly;
}

function notWithin(tookMs: number): string {
  return `no probe was answered within ${Math.round(tookMs / 100) / 10} s`;
}
