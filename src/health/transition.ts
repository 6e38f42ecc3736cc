import type { Facts, LastProbe, Run, Trouble, Witness } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { reaches } from './level.ts';
import type { Failure } from './outcome.ts';

const MAX_WITNESSES = 8;
/** No policy asks for more good probes than this. */
const MAX_RISE = 10;

/**
 * What the fleet knows after one more probe. Pure and free of policy, so that every pod computes the same facts from
 * the same evidence. The rule for all evidence: the newest at sufficient depth decides.
 *
 * @param facts what was known; undefined for a target never judged
 * @param probe the new evidence, not older than what is known
 */
export function transition(facts: Facts | undefined, probe: LastProbe): Facts {
  const lastOk = probe.ok ? { ...facts?.lastOk, [probe.level]: probe.at } : (facts?.lastOk ?? {});
  const kept: Facts = { ...facts, format: 1, lastOk, lastProbe: probe, run: facts?.run ?? newRun('ok', probe.at) };
  if (probe.ok) return decides(facts, probe) && counts(facts, probe) ? { ...kept, run: good(facts, probe) } : kept;
  const failure = probe.failure ?? { class: 'server', message: 'failed without a reason' };
  if (failure.class === 'overloaded') {
    return decides(facts, probe) ? { ...kept, run: overloaded(facts?.run, failure, probe) } : kept;
  }
  return { ...kept, run: continued(facts?.run, 'failed', probe.at), trouble: troubled(facts, failure, probe) };
}

/**
 * A success ends trouble only if it looked as deep and started later:
 *   t0 probe of generation fails · t1 a pod asks for /models, which answers · the target stays in trouble
 */
function decides(facts: Facts | undefined, probe: LastProbe): boolean {
  if (facts?.run.kind !== 'failed' || facts.trouble === undefined) return true;
  return reaches(probe.level, facts.trouble.level) && probe.at > facts.trouble.at;
}

/**
 * A success that sees less than what it follows counts for nothing: it neither helps what was down to rise, nor ends an
 * overload.
 */
function counts(facts: Facts | undefined, { level }: LastProbe): boolean {
  if (facts?.run.kind === 'overloaded') return reaches(level, facts.run.level ?? level);
  return reaches(level, facts?.trouble?.level ?? level);
}

/**
 * A failure that only one pod saw and another pod does not find was that pod's own: the good run goes on as if it had
 * not been.
 */
function good(facts: Facts | undefined, probe: LastProbe): Run {
  const { run, trouble } = facts ?? {};
  const onlyWitness = trouble?.witnesses.length === 1 && trouble.witnesses[0]?.pod !== probe.pod;
  if (run?.kind !== 'failed' || trouble === undefined || !onlyWitness) return continued(run, 'ok', probe.at);
  return { kind: 'ok', length: trouble.after + 1, since: trouble.afterSince };
}

function continued(run: Run | undefined, kind: 'ok' | 'failed', at: StoreTime): Run {
  return run?.kind === kind ? { kind, length: run.length + 1, since: run.since } : newRun(kind, at);
}

function newRun(kind: 'ok' | 'failed', at: StoreTime): Run {
  return { kind, length: 1, since: at };
}

function overloaded(run: Run | undefined, failure: Failure, { at, level }: LastProbe): Run {
  const until = failure.retryAfterMs === undefined ? {} : { until: at + failure.retryAfterMs * 1000 };
  const same = run?.kind === 'overloaded' ? run : undefined;
  return { kind: 'overloaded', length: (same?.length ?? 0) + 1, since: same?.since ?? at, level, ...until };
}

function troubled(facts: Facts | undefined, failure: Failure, probe: LastProbe): Trouble {
  const going = facts?.run.kind === 'failed' ? facts.trouble : undefined;
  const level = going !== undefined && reaches(going.level, probe.level) ? going.level : probe.level;
  return {
    ...failure,
    level,
    since: going?.since ?? probe.at,
    at: probe.at,
    length: (going?.length ?? 0) + 1,
    witnesses: witnessed(going?.witnesses ?? [], { pod: probe.pod, at: probe.at }),
    after: going?.after ?? facts?.run.length ?? 0,
    afterSince: going?.afterSince ?? facts?.run.since ?? probe.at,
    ...(going === undefined ? recent(facts) : going.previous === undefined ? {} : { previous: going.previous }),
  };
}

/** Trouble that a short good run may not have ended, depending on whose `rise` it is. */
function recent(facts: Facts | undefined): { previous?: Omit<Trouble, 'previous'> } {
  if (facts?.trouble === undefined || facts.run.length > MAX_RISE) return {};
  const { previous: _, ...trouble } = facts.trouble;
  return { previous: trouble };
}

function witnessed(known: readonly Witness[], witness: Witness): readonly Witness[] {
  return [...known.filter((one) => one.pod !== witness.pod), witness].slice(-MAX_WITNESSES);
}
