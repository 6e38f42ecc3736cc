import { z } from 'zod';
import type { FailureClass, Level, ProbeReason, Run, State } from '../health/index.ts';
import { hold } from './holds.ts';
import type { HoldBody } from './holds.ts';
import { atLeast, count, exactly, failureClass, flag, maybeTime, probeReason, seconds, text, time } from './schema.ts';
import type { Keys } from './schema.ts';
import { targetKeys } from './target.ts';
import type { TargetBody } from './target.ts';
import { adaptation, level, state } from './verdict.ts';
import type { AdaptationBody } from './verdict.ts';

/** `GET /fleet/targets/{id}`, and the answer of a check. */
export interface ExplainBody extends TargetBody {
  /** The pod that was asked. */
  readonly pod: string;
  /** Live pods with a name. */
  readonly pod_names: readonly { readonly pod: string; readonly pod_name: string }[];
  readonly now: string;
  readonly evidence: EvidenceBody;
  readonly policy: PolicyBody;
  readonly next_probe: NextProbeBody;
  readonly would_change: readonly ChangeBody[];
}

/** The evidence behind a verdict, each piece with its age. */
export interface EvidenceBody {
  readonly last: ProbeBody | null;
  readonly last_success: readonly GoodBody[];
  readonly run: { readonly kind: Run['kind']; readonly length: number; readonly since: string } | null;
  readonly failure_run: FailureRunBody | null;
  readonly overload: OverloadBody | null;
  readonly rejected: SignBody | null;
  readonly probe_adapted: AdaptationBody | null;
  readonly usual_ms: Readonly<Partial<Record<Level, number>>>;
}

/** The last probe of a target. */
export interface ProbeBody {
  readonly at: string;
  readonly age_seconds: number;
  readonly pod: string;
  readonly reason: ProbeReason;
  readonly level: Level;
  readonly ok: boolean;
  readonly latency_ms: number;
  readonly class?: FailureClass;
  readonly status?: number;
  readonly message?: string;
}

/** The last good evidence of one level. */
export interface GoodBody {
  readonly level: Level;
  readonly at: string;
  readonly age_seconds: number;
}

/** Answers in a row that were not good. */
export interface SignBody {
  readonly status?: number;
  readonly message: string;
  readonly level: Level;
  readonly length: number;
  readonly since: string;
  readonly at: string;
  readonly age_seconds: number;
}

/** Answers that ask for less load. */
export interface OverloadBody extends SignBody {
  /** Until when the newest answer asked for rest; null where it named no time. */
  readonly rest_until: string | null;
}

/** The newest run of failures. */
export interface FailureRunBody extends SignBody {
  readonly class: FailureClass;
  /** A good answer ended it. */
  readonly over: boolean;
  readonly witnesses: readonly WitnessBody[];
}

/** Who saw a failure. */
export interface WitnessBody {
  /** The pod whose probe or request failed, or that took the report. */
  readonly pod: string;
  /** Program that reported it: `litellm`, or the name or address of a reporter; null if the pod saw it itself. */
  readonly reporter: string | null;
  /** The pod that was asked. */
  readonly self: boolean;
  readonly live: boolean;
  readonly at: string;
  readonly age_seconds: number;
}

/** The rules by which a target is judged. */
export interface PolicyBody {
  readonly rise: number;
  readonly fall: number;
  readonly edge_interval_seconds: number;
  readonly interval_seconds: number;
  readonly timeout_seconds: number;
  readonly level: Level;
  readonly stale_after_seconds: number;
  readonly background: boolean;
  readonly policy_hash: string;
  readonly pods_with_other_policy: readonly string[];
}

/** When a target is probed next, and by which pod. */
export interface NextProbeBody {
  readonly kind: 'running' | 'planned' | 'paused' | 'on-demand';
  readonly reason: 'scheduled' | 'confirmation';
  readonly at: string | null;
  readonly in_seconds: number | null;
  readonly by: string | null;
  /** The pods that would take over, in this order. */
  readonly otherwise: readonly string[];
  /** Only while probing is paused. */
  readonly paused?: HoldBody;
}

/** What would make a target something else. */
export interface ChangeBody {
  readonly to: State;
  readonly needs: string;
}

const sign: Keys<SignBody> = {
  status: z.int().optional(),
  message: text,
  level,
  length: count,
  since: time,
  at: time,
  age_seconds: seconds,
};

const evidence = exactly<EvidenceBody>({
  last: exactly<ProbeBody>({
    at: time,
    age_seconds: seconds,
    pod: text,
    reason: probeReason,
    level,
    ok: flag,
    latency_ms: z.number(),
    class: failureClass.optional(),
    status: z.int().optional(),
    message: text.optional(),
  }).nullable(),
  last_success: z.array(exactly<GoodBody>({ level, at: time, age_seconds: seconds })),
  run: exactly<NonNullable<EvidenceBody['run']>>({
    kind: z.enum(['ok', 'failed', 'none']),
    length: count,
    since: time,
  }).nullable(),
  failure_run: exactly<FailureRunBody>({
    class: failureClass,
    ...sign,
    over: flag,
    witnesses: z.array(
      exactly<WitnessBody>({
        pod: text,
        reporter: text.nullable(),
        self: flag,
        live: flag,
        at: time,
        age_seconds: seconds,
      }),
    ),
  }).nullable(),
  overload: exactly<OverloadBody>({ ...sign, rest_until: maybeTime }).nullable(),
  rejected: exactly<SignBody>(sign).nullable(),
  probe_adapted: adaptation.nullable(),
  usual_ms: z.record(z.string(), z.number()),
});

export const explainSchema: z.ZodType<ExplainBody> = atLeast<ExplainBody>({
  ...targetKeys,
  pod: text,
  pod_names: z.array(exactly<ExplainBody['pod_names'][number]>({ pod: text, pod_name: text })),
  now: time,
  evidence,
  policy: exactly<PolicyBody>({
    rise: count,
    fall: count,
    edge_interval_seconds: seconds,
    interval_seconds: seconds,
    timeout_seconds: seconds,
    level,
    stale_after_seconds: seconds,
    background: flag,
    policy_hash: text,
    pods_with_other_policy: z.array(text),
  }),
  next_probe: exactly<NextProbeBody>({
    kind: z.enum(['running', 'planned', 'paused', 'on-demand']),
    reason: z.enum(['scheduled', 'confirmation']),
    at: maybeTime,
    in_seconds: seconds.nullable(),
    by: text.nullable(),
    otherwise: z.array(text),
    paused: hold.optional(),
  }),
  would_change: z.array(exactly<ChangeBody>({ to: state, needs: text })),
});
