import { z } from 'zod';
import type { Facts } from '../health/index.ts';
import { bridge } from './bridge.ts';
import type { BridgeBody } from './bridge.ts';
import { hold } from './holds.ts';
import type { HoldBody } from './holds.ts';
import { money } from './money.ts';
import type { MoneyBody } from './money.ts';
import { podLag } from './pod-lag.ts';
import type { PodLagBody } from './pod-lag.ts';
import { recentRequests } from './requests.ts';
import type { RecentRequestsBody } from './requests.ts';
import { atLeast, count, exactly, flag, text, time } from './schema.ts';
import { targetKeys } from './target.ts';
import type { TargetBody } from './target.ts';
import { traffic } from './traffic.ts';
import type { TrafficBody } from './traffic.ts';
import { unprobed } from './unprobed.ts';
import type { UnprobedBody } from './unprobed.ts';
import { mode } from './verdict.ts';
import type { Mode } from './verdict.ts';

/** `GET /fleet`: everything that a pod knows, with reasons. */
export interface FleetBody {
  readonly pod: string;
  /** `POD_NAME` of that pod, else its host name. */
  readonly pod_name: string | null;
  readonly fleet: string;
  readonly mode: Mode;
  readonly since: string;
  readonly now: string;
  readonly impaired: boolean;
  /** Null unless probing is paused. */
  readonly probing_paused: HoldBody | null;
  readonly store: {
    readonly available: boolean;
    readonly problem: string | null;
    readonly epoch: string;
    readonly seq: number;
  };
  readonly pods: readonly PodBody[];
  readonly leases: readonly LeaseBody[];
  readonly money: MoneyBody;
  /** Incidents of the last ten minutes. */
  readonly incidents: readonly IncidentBody[];
  readonly quarantined: readonly QuarantinedBody[];
  readonly targets: readonly FleetTargetBody[];
  /** Deployments without a target. */
  readonly unprobed: readonly UnprobedBody[];
  readonly bridge: BridgeBody;
  readonly traffic: TrafficBody;
  /** Requests to models within the last minute, as this pod saw them. */
  readonly requests: RecentRequestsBody;
  readonly setup: SetupBody;
}

/**
 * Mode of a pod as the pod that was asked knows it: a live pod shares. `last-known`: the pod that was asked has lost the
 * store, and the other one was live before that.
 */
export type LivePodMode = Mode | 'last-known';

/** One live pod, as its heartbeat describes it. */
export interface PodBody {
  readonly pod: string;
  /** `POD_NAME` of that pod, else its host name; null for a pod of a version without names. */
  readonly pod_name: string | null;
  /** The pod that was asked. */
  readonly self: boolean;
  readonly version: string;
  readonly policy_hash: string;
  readonly targets_hash: string;
  readonly started_at: string;
  readonly mode: LivePodMode;
  readonly impaired: boolean;
  /** Null: not known, for a pod that has just started, of an earlier version, or while the pod asked does not share. */
  readonly lag: PodLagBody | null;
  /** Targets that this pod alone fails to reach; `*` for all. */
  readonly unreached: readonly string[];
  /** Targets that this pod got no evidence of, by a fault of its own; `*` for all. */
  readonly unseen: readonly string[];
  /** Its targets compared with those of the pod that was asked; null for equal ones, or while they are not known. */
  readonly other_targets: OtherTargetsBody | null;
}

/** At most 20 each. */
export interface OtherTargetsBody {
  /** Models that it does not have. */
  readonly lacks: readonly string[];
  /** Ids of targets that only it has. */
  readonly extra: readonly string[];
}

/** A lease that a pod has. */
export interface LeaseBody {
  readonly target: string;
  readonly model: string | null;
  readonly pod: string;
  readonly until: string;
}

/** Damage to the store, its channel or this pod's state file. */
export interface IncidentBody {
  readonly kind: 'store-lost-data' | 'foreign-data' | 'forged-messages' | 'state-not-kept';
  readonly at: string;
  readonly count: number;
  readonly what: string;
}

/** A target whose record cannot be read. */
export interface QuarantinedBody {
  readonly target: string;
  readonly model: string | null;
}

/** A target with the facts behind its verdict, as the store has them. */
export interface FleetTargetBody extends TargetBody {
  readonly record: Facts | null;
}

/** What the pod's configuration says about sharing. */
export interface SetupBody {
  readonly health_checks: 'shared' | 'independent' | 'on-demand-shared' | 'on-demand';
  readonly sharing_requested: boolean;
  readonly redis_configured: boolean;
  readonly litellm_bridge: boolean;
  /** A key with the role `events` is configured, so LiteLLM pods are to send events. */
  readonly events_key: boolean;
  /** Number of pods by `fleet_health.expected_pods`; null without this setting. */
  readonly expected_pods: number | null;
  /** Null while it is unknown. */
  readonly eviction_policy: string | null;
}

const pod = atLeast<PodBody>({
  pod: text,
  pod_name: text.nullable(),
  self: flag,
  version: text,
  policy_hash: text,
  targets_hash: text,
  started_at: time,
  mode: z.enum(['shared', 'independent', 'fallback', 'last-known']),
  impaired: flag,
  lag: podLag.nullable(),
  unreached: z.array(text),
  unseen: z.array(text),
  other_targets: exactly<OtherTargetsBody>({ lacks: z.array(text), extra: z.array(text) }).nullable(),
});

/** No key of the facts is promised: a newer version may store others. */
const facts = z.looseObject({}) as unknown as z.ZodType<Facts>;

export const fleetSchema: z.ZodType<FleetBody> = atLeast<FleetBody>({
  pod: text,
  pod_name: text.nullable(),
  fleet: text,
  mode,
  since: time,
  now: time,
  impaired: flag,
  probing_paused: hold.nullable(),
  store: exactly<FleetBody['store']>({ available: flag, problem: text.nullable(), epoch: text, seq: count }),
  pods: z.array(pod),
  leases: z.array(exactly<LeaseBody>({ target: text, model: text.nullable(), pod: text, until: time })),
  money,
  incidents: z.array(
    exactly<IncidentBody>({
      kind: z.enum(['store-lost-data', 'foreign-data', 'forged-messages', 'state-not-kept']),
      at: time,
      count,
      what: text,
    }),
  ),
  quarantined: z.array(exactly<QuarantinedBody>({ target: text, model: text.nullable() })),
  targets: z.array(atLeast<FleetTargetBody>({ ...targetKeys, record: facts.nullable() })),
  unprobed: z.array(unprobed),
  bridge,
  traffic,
  requests: recentRequests,
  setup: exactly<SetupBody>({
    health_checks: z.enum(['shared', 'independent', 'on-demand-shared', 'on-demand']),
    sharing_requested: flag,
    redis_configured: flag,
    litellm_bridge: flag,
    events_key: flag,
    expected_pods: count.nullable(),
    eviction_policy: text.nullable(),
  }),
});
