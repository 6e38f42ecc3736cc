import {
  alertsSchema,
  alertsTestSchema,
  explainSchema,
  fleetSchema,
  healthSchema,
  heldSchema,
  fleetHistorySchema,
  fleetSloSchema,
  historySchema,
} from '../../api/index.ts';
import type * as api from '../../api/index.ts';
import type { BodyForm } from './misfit.ts';

// Bodies as commands read them. The pod that was asked may be older than the command: then it leaves out the keys that are
// optional here and not in the contract.

type Older<T, Newer extends keyof T> = Omit<T, Newer> & Partial<Pick<T, Newer>>;

export type HeldPage = Omit<api.HeldBody, 'targets'> & {
  readonly targets: readonly Older<api.HeldBody['targets'][number], 'region' | 'upstream_host'>[];
};
export type { State } from '../../health/index.ts';
export type HoldPage = Older<api.HoldBody, 'at'>;
/** What every answer about a target begins with. */
export type TargetPage = Older<api.TargetBody, 'effective' | 'flags' | 'hold' | 'region' | 'upstream_host' | 'version'>;
export type ProbePage = api.ProbeBody;
export type AdaptationPage = api.AdaptationBody;

/** `GET /fleet/targets/{id}`, and the answer of a check. */
export type ExplainPage = TargetPage &
  Partial<Pick<api.ExplainBody, 'pod_names'>> &
  Pick<api.ExplainBody, 'pod' | 'now' | 'policy' | 'next_probe' | 'would_change'> & {
    readonly evidence: Older<api.EvidenceBody, 'probe_adapted' | 'usual_ms'>;
  };

/** `GET /fleet/history`. */
export type UptimePage = Older<api.FleetHistoryBody, 'known_from'>;

export type BudgetPage = api.BudgetBody;
export type DayMoneyPage = api.DayMoneyBody;
export type MoneyPage = Older<api.MoneyBody, 'lost_at'>;
export type BridgePage = Older<api.BridgeBody, 'cooldowns' | 'litellm_signs' | 'publishing_since' | 'reads_visible'>;
export type CooldownsPage = api.CooldownsBody;

/** `GET /fleet`. */
export type FleetPage = Omit<
  Older<api.FleetBody, 'incidents' | 'pod_name' | 'probing_paused' | 'requests' | 'unprobed'>,
  'bridge' | 'money' | 'pods' | 'setup' | 'targets' | 'traffic'
> & {
  readonly bridge?: BridgePage;
  readonly money?: MoneyPage;
  readonly pods: readonly Older<api.PodBody, 'lag' | 'mode' | 'other_targets' | 'pod_name' | 'unreached' | 'unseen'>[];
  readonly setup: Older<api.SetupBody, 'events_key' | 'expected_pods' | 'litellm_bridge'>;
  readonly targets: readonly (TargetPage & Pick<api.FleetTargetBody, 'record'>)[];
  readonly traffic?: Older<api.TrafficBody, 'event_problems'>;
};

const ofFleet =
  'bridge incidents money money.lost_at pod_name pods.lag pods.mode pods.other_targets pods.pod_name pods.unreached pods.unseen probing_paused probing_paused.at requests setup.events_key setup.expected_pods setup.litellm_bridge traffic traffic.event_problems unprobed'.split(
    ' ',
  );
const ofTarget = ['effective', 'flags', 'hold', 'hold.at', 'region', 'upstream_host', 'version'] as const;

/** What commands read of `GET /fleet`: a {@link FleetPage}. */
export const fleetForm: BodyForm = {
  schema: fleetSchema,
  leftOut: new Set([...ofFleet, ...ofTarget.map((key) => `targets.${key}`)]),
  anyWord: new Set(['incidents.kind', 'targets.flags', 'traffic.event_problems.kind']),
};

/** What commands read of `GET /fleet/targets/{id}`: an {@link ExplainPage}. */
export const explainForm: BodyForm = {
  schema: explainSchema,
  leftOut: new Set([...ofTarget, 'pod_names', 'evidence.probe_adapted', 'evidence.usual_ms', 'next_probe.paused.at']),
  anyWord: new Set(['flags']),
};

export const heldForm: BodyForm = {
  schema: heldSchema,
  leftOut: new Set(['hold.at', 'targets.region', 'targets.upstream_host']),
};
export type AlertsPage = Omit<Older<api.AlertsBody, 'held_back'>, 'receivers'> & {
  readonly receivers: readonly Older<api.AlertReceiverBody, 'failing'>[];
};
export const alertsForm: BodyForm = { schema: alertsSchema, leftOut: new Set(['held_back', 'receivers.failing']) };
export const alertsTestForm: BodyForm = { schema: alertsTestSchema };
export const fleetHistoryForm: BodyForm = { schema: fleetHistorySchema, leftOut: new Set(['known_from']) };
export const fleetSloForm: BodyForm = { schema: fleetSloSchema };
export const historyForm: BodyForm = { schema: historySchema };
export const healthForm: BodyForm = { schema: healthSchema };
