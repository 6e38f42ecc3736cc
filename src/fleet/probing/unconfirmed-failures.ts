import { isExternalHost, reporterOf } from '../../health/index.ts';
import type { StoreTime, TargetId } from '../../health/index.ts';
import type { TrafficReport, UnconfirmedFailure } from '../../ports/index.ts';

/** A failure this old says nothing about now. */
const SHOWN_US = 120_000_000;

/** Targets whose requests fail again after a probe passed. At most one entry for each target. */
export interface UnconfirmedFailures {
  /** The report is such a failure. */
  found(report: TrafficReport, now: StoreTime): UnconfirmedFailure;
  /** A further failure of a target that is known here; nothing for any other one. */
  again(report: TrafficReport, now: StoreTime): void;
  forget(target: TargetId): void;
  /** Those whose newest failure is at most two minutes old. */
  within(now: StoreTime): readonly UnconfirmedFailure[];
}

export function createUnconfirmedFailures(): UnconfirmedFailures {
  const failures = new Map<TargetId, UnconfirmedFailure>();
  const found = ({ target, witness, failure }: TrafficReport, now: StoreTime): UnconfirmedFailure => {
    const one = { target, reporter: reporterFrom(witness), class: failure?.class ?? 'server', at: now };
    failures.set(target, one);
    return one;
  };
  return {
    found,
    again: (report, now) => {
      if (failures.has(report.target)) found(report, now);
    },
    forget: (target) => void failures.delete(target),
    within: (now) => [...failures.values()].filter(({ at }) => now - at <= SHOWN_US),
  };
}

function reporterFrom(witness: TrafficReport['witness']): UnconfirmedFailure['reporter'] {
  if (!isExternalHost(witness)) return { kind: 'pod', name: null };
  const name = reporterOf(witness);
  return name === undefined ? { kind: 'litellm', name: null } : { kind: 'program', name };
}
