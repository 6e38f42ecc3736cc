import { evidenceKind } from '../../health/index.ts';
import type { Facts, TargetId } from '../../health/index.ts';
import type { Clock, HistoryOutcome, HistoryPoint, TargetHistory } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from './circuit-breaker.ts';

const HOUR_US = 3_600_000_000;
/** Histories per command: about 100 kB, so that no answer delays other commands. */
const BATCH = 8;
/** Deadline of all commands together, because a person waits. The last command may add its own deadline. */
const DEADLINE_MS = 2_000;
const tooSlow = `the history of all targets could not be read within ${DEADLINE_MS / 1000} s: request the history of one model`;

/**
 * The history point of new facts: a change, or the first evidence of an hour. Undefined for the rest, which is nearly
 * all.
 */
export function pointOf(facts: Facts, before: Facts | undefined): HistoryPoint | undefined {
  const { at, pod, level, reason, latencyMs, source } = facts.last;
  if (before !== undefined && (at <= before.last.at || isMoreOfTheSame(facts, before))) return undefined;
  const failure = facts.last.failure ?? (facts.run.kind === 'failed' ? facts.failureRun : undefined);
  const why = failure && { class: failure.class, message: failure.message };
  return {
    at,
    pod,
    kind: evidenceKind(facts),
    level,
    reason,
    latencyMs,
    ...(source !== 'probe' && { source }),
    ...why,
  };
}

function isMoreOfTheSame(facts: Facts, before: Facts): boolean {
  const hourOf = (of: Facts): number => Math.floor(of.last.at / HOUR_US);
  const whatOf = (of: Facts): string =>
    of.run.kind === 'failed' ? `failed ${of.failureRun?.class}` : evidenceKind(of);
  return hourOf(facts) === hourOf(before) && whatOf(facts) === whatOf(before);
}

/** Reads histories in bounded commands that share one deadline. */
export async function readHistory(
  circuit: StoreCircuitBreaker,
  clock: Clock,
  targets: readonly TargetId[],
): Promise<HistoryOutcome> {
  const endMs = clock.monotonicMs() + DEADLINE_MS;
  const histories: TargetHistory[] = [];
  for (let i = 0; i < targets.length; i += BATCH) {
    if (clock.monotonicMs() >= endMs) return { kind: 'store-lost', why: tooSlow };
    const batch = targets.slice(i, i + BATCH);
    // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
    const answer = await circuit.call('read-history', (store) => store.readHistory(batch));
    if (answer.kind === 'lost') return { kind: 'store-lost', why: answer.loss.message };
    if (answer.kind === 'ok') histories.push(...answer.value);
  }
  return { kind: 'read', histories };
}
