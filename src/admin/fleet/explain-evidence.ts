import type { EvidenceBody, OverloadBody, ProbeBody, SignBody, FailureRunBody } from '../../api/index.ts';
import { LITELLM_WITNESS, reporterOf } from '../../health/index.ts';
import type { Facts, HostId, Observation, Level, StoreTime } from '../../health/index.ts';
import type { FleetStatus, TargetView } from '../../ports/index.ts';
import { adaptationOf } from '../health/adaptation-shown.ts';
import { isoOf, secondsOf } from '../times.ts';

/** The evidence behind a verdict, each piece with its age. */
export function evidenceOf({ facts }: TargetView, status: FleetStatus): EvidenceBody {
  if (facts === null) {
    return {
      last: null,
      last_success: [],
      run: null,
      failure_run: null,
      overload: null,
      rejected: null,
      probe_adapted: null,
      usual_ms: {},
    };
  }
  const age = (at: StoreTime): number => secondsOf(Math.max(0, (status.now - at) / 1000));
  return {
    last: probeOf(facts.last, age),
    last_success: (Object.entries(facts.lastSuccess) as [Level, StoreTime][]).map(([level, at]) => {
      return { level, at: isoOf(at), age_seconds: age(at) };
    }),
    run: runOf(facts),
    failure_run: failureRunOf(facts, { status, age }),
    overload: overloadOf(facts, age),
    rejected: rejectedOf(facts, age),
    probe_adapted: facts.adapted === undefined ? null : adaptationOf(facts.adapted),
    usual_ms: facts.usualMs ?? {},
  };
}

type Age = (at: StoreTime) => number;

function probeOf({ at, pod, reason, level, ok, latencyMs, failure }: Observation, age: Age): ProbeBody {
  return {
    at: isoOf(at),
    age_seconds: age(at),
    pod,
    reason,
    level,
    ok,
    latency_ms: latencyMs,
    ...(failure !== undefined && { class: failure.class, ...statusOf(failure), message: failure.message }),
  };
}

function runOf({ run: { kind, length, since } }: Facts): EvidenceBody['run'] {
  return { kind, length, since: isoOf(since) };
}

function overloadOf({ overload }: Facts, age: Age): OverloadBody | null {
  if (overload === undefined) return null;
  const { at, since, length, level, message, quietMs } = overload;
  const rest = quietMs === undefined ? null : isoOf(at + quietMs * 1000);
  return {
    ...statusOf(overload),
    message,
    level,
    length,
    since: isoOf(since),
    at: isoOf(at),
    age_seconds: age(at),
    rest_until: rest,
  };
}

function rejectedOf({ rejected }: Facts, age: Age): SignBody | null {
  if (rejected === undefined) return null;
  const { at, since, length, level, message } = rejected;
  return { ...statusOf(rejected), message, level, length, since: isoOf(since), at: isoOf(at), age_seconds: age(at) };
}

function failureRunOf(
  { failureRun, run }: Facts,
  { status, age }: { status: FleetStatus; age: Age },
): FailureRunBody | null {
  if (failureRun === undefined) return null;
  const live = new Set(status.members.map(({ pod }) => pod));
  return {
    class: failureRun.class,
    ...statusOf(failureRun),
    message: failureRun.message,
    level: failureRun.level,
    length: failureRun.length,
    since: isoOf(failureRun.since),
    at: isoOf(failureRun.at),
    age_seconds: age(failureRun.at),
    over: run.kind !== 'failed',
    witnesses: failureRun.witnesses.map(({ pod, host, at }) => {
      return {
        pod,
        reporter: programOf(host),
        self: pod === status.pod,
        live: live.has(pod),
        at: isoOf(at),
        age_seconds: age(at),
      };
    }),
  };
}

/** The program that a host stands for, if it is no pod's. */
function programOf(host: HostId | undefined): string | null {
  if (host === undefined) return null;
  return host === LITELLM_WITNESS ? LITELLM_WITNESS : (reporterOf(host) ?? null);
}

function statusOf({ status }: { readonly status?: number }): { status?: number } {
  return status === undefined ? {} : { status };
}
