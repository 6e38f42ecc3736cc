import type { MetricDefinition } from './metric-definition.ts';

type FleetMetricKey =
  | 'fleetShared'
  | 'fleetPods'
  | 'fleetExpectedPods'
  | 'probingPaused'
  | 'fleetTargets'
  | 'groupDeployments'
  | 'groupRoutable'
  | 'sloObjective'
  | 'sloBudgetLeft'
  | 'sloAvailability'
  | 'sloKnown'
  | 'sloBurnRate'
  | 'targetState'
  | 'targetStateSince'
  | 'targetStale'
  | 'targetHold'
  | 'targetHoldStart'
  | 'targetFlag'
  | 'targetAdapted'
  | 'targetFailures'
  | 'targetLatency'
  | 'evidenceAge'
  | 'fleetBudgetProbes'
  | 'fleetBudgetUsd'
  | 'fleetBudgetUsedProbes'
  | 'fleetBudgetUsedUsd'
  | 'fleetSpentToday'
  | 'fleetSavedToday'
  | 'fleetUnpricedToday'
  | 'targetBudgetProbes'
  | 'targetBudgetUsd'
  | 'targetBudgetUsedProbes'
  | 'targetBudgetUsedUsd'
  | 'targetSpentToday'
  | 'targetSavedToday'
  | 'targetUnpricedToday'
  | 'deploymentLimit';

const perTarget = ['target', 'model'];

const SAVED_BY =
  'by: sharing (another pod probed), alias (another deployment of the target was probed), cache (an on-demand check reused a result)';

/** Metrics of the fleet, which every pod answers alike at `/metrics/fleet`. Labels never hold a key or a URL. */
export const fleetMetricList: Readonly<Record<FleetMetricKey, MetricDefinition>> = {
  fleetShared: {
    name: 'allswell_fleet_shared',
    type: 'gauge',
    help: '1 while the answering pod shares health through Redis; 0 in a pod without a store, which is its own fleet, and in one that has lost Redis, whose page has nothing that only the fleet knows',
    labels: [],
  },
  fleetPods: {
    name: 'allswell_fleet_pods',
    type: 'gauge',
    help: 'Live pods of the fleet; absent while the answering pod has lost Redis',
    labels: [],
  },
  fleetExpectedPods: {
    name: 'allswell_fleet_expected_pods',
    type: 'gauge',
    help: 'Number of pods by fleet_health.expected_pods; absent without this setting',
    labels: [],
  },
  probingPaused: {
    name: 'allswell_probing_paused',
    type: 'gauge',
    help: "1 while an operator has paused the fleet's probes; without Redis, 1 if the answering pod knows of a pause, else absent",
    labels: [],
  },
  fleetTargets: {
    name: 'allswell_fleet_targets',
    type: 'gauge',
    help: 'Number of targets in a state: unknown, up, degraded, suspect or down. Holds change nothing here',
    labels: ['state'],
  },
  groupDeployments: {
    name: 'allswell_group_deployments',
    type: 'gauge',
    help: 'Deployments of a model group, also those that are not probed',
    labels: ['group'],
  },
  groupRoutable: {
    name: 'allswell_group_routable_deployments',
    type: 'gauge',
    help: 'Available deployments of a model group: not down and not drained; 0: requests go to its fallbacks, or to one that is down or drained',
    labels: ['group'],
  },
  sloObjective: {
    name: 'allswell_slo_objective_ratio',
    type: 'gauge',
    help: 'Availability that a model group shall have by fleet_health.slo, 0 to 1; absent without an objective',
    labels: ['group'],
  },
  sloAvailability: {
    name: 'allswell_slo_availability_ratio',
    type: 'gauge',
    help: 'Share of the known time of the window that a model group was up; absent if nothing is known',
    labels: ['group'],
  },
  sloKnown: {
    name: 'allswell_slo_known_ratio',
    type: 'gauge',
    help: 'Share of the window of an objective about which the history has evidence',
    labels: ['group'],
  },
  sloBudgetLeft: {
    name: 'allswell_slo_error_budget_left_ratio',
    type: 'gauge',
    help: 'Error budget of a model group that is left, as a share of all of it: negative if overdrawn; absent if nothing is known',
    labels: ['group'],
  },
  sloBurnRate: {
    name: 'allswell_slo_burn_rate',
    type: 'gauge',
    help: 'Speed at which a model group uses its error budget: 1 uses it up in just the window of the objective; absent where nothing is known. window: 5m, 30m, 1h, 6h, until now',
    labels: ['group', 'window'],
  },
  targetState: {
    name: 'allswell_target_state',
    type: 'gauge',
    help: 'State of a target by the evidence of all pods. 0: unknown, 1: up, 2: degraded, 3: suspect, 4: down. Holds change nothing here',
    labels: perTarget,
  },
  targetStateSince: {
    name: 'allswell_target_state_start_timestamp_seconds',
    type: 'gauge',
    help: "Unix time by the store's clock at which the evidence for a target's state began; absent for unknown",
    labels: perTarget,
  },
  targetStale: {
    name: 'allswell_target_stale',
    type: 'gauge',
    help: '1 while the newest evidence about a target is older than max(DEFAULT_SHARED_HEALTH_CHECK_TTL, 2 × interval + timeout); 0 for a target that is probed only on request',
    labels: perTarget,
  },
  targetHold: {
    name: 'allswell_target_hold',
    type: 'gauge',
    help: '1 while an operator holds a target; absent without a hold. kind: drain, hold-up',
    labels: [...perTarget, 'kind'],
  },
  targetHoldStart: {
    name: 'allswell_target_hold_start_timestamp_seconds',
    type: 'gauge',
    help: "Unix time by the store's clock at which an operator began to hold a target; absent without a hold. kind: drain, hold-up",
    labels: [...perTarget, 'kind'],
  },
  targetFlag: {
    name: 'allswell_target_flag',
    type: 'gauge',
    help: '1 while a target has a flag; absent otherwise. flag: unconfirmed, rate-limited, slow, probe-rejected, budget-spent',
    labels: [...perTarget, 'flag'],
  },
  targetAdapted: {
    name: 'allswell_target_probe_adapted',
    type: 'gauge',
    help: '1 while probes of a target omit or rename a parameter that the upstream rejected, absent otherwise; /health shows which',
    labels: perTarget,
  },
  targetFailures: {
    name: 'allswell_target_consecutive_failures',
    type: 'gauge',
    help: 'Failures of a target in a row, seen by all pods; absent after a success. class: failure class of the newest',
    labels: [...perTarget, 'class'],
  },
  targetLatency: {
    name: 'allswell_target_probe_latency_seconds',
    type: 'gauge',
    help: 'Rolling mean of the latency of successful probes of a target by all pods; absent before the first. level: depth of the probes',
    labels: [...perTarget, 'level'],
  },
  evidenceAge: {
    name: 'allswell_target_evidence_age_seconds',
    type: 'gauge',
    help: 'Upper bound of the age of the evidence behind a verdict; absent for a target without a verdict',
    labels: perTarget,
  },
  ...moneyOf('fleet', []),
  ...moneyOf('target', perTarget),
  deploymentLimit: {
    name: 'allswell_deployment_limit',
    type: 'gauge',
    help: 'Limit of a deployment for the whole fleet. kind: rpm (requests per minute), tpm (tokens per minute) or parallel (requests at once)',
    labels: ['deployment', 'kind'],
  },
};

type MoneyName =
  | 'BudgetProbes'
  | 'BudgetUsd'
  | 'BudgetUsedProbes'
  | 'BudgetUsedUsd'
  | 'SpentToday'
  | 'SavedToday'
  | 'UnpricedToday';

/** Sums of the fleet and of each target have names of their own, so that no sum is added to its parts. */
function moneyOf<Owner extends 'fleet' | 'target'>(
  owner: Owner,
  labels: readonly string[],
): Record<`${Owner}${MoneyName}`, MetricDefinition> {
  const whose = owner === 'fleet' ? 'of the fleet' : 'of a target';
  const gauge = (name: string, help: string, more: readonly string[] = []): MetricDefinition => {
    return { name: `allswell_${owner}_${name}`, type: 'gauge', help, labels: [...labels, ...more] };
  };
  const unknown = 'Absent without known prices, and until the first read of the day';
  const list: Record<MoneyName, MetricDefinition> = {
    BudgetProbes: gauge('budget_limit_probes', `Limit ${whose} on paid probes per hour; absent without a limit`),
    BudgetUsd: gauge(
      'budget_limit_usd',
      `Limit ${whose} on the cost of probes per UTC day, in USD; absent without a limit`,
    ),
    BudgetUsedProbes: gauge(
      'budget_used_probes',
      `Paid probes counted against the hourly limit ${whose}, as last read from Redis; absent until the first read of the hour`,
    ),
    BudgetUsedUsd: gauge(
      'budget_used_usd',
      `Cost counted against the daily limit ${whose}, in USD, with running and lost probes at their maximum price; absent until the first read of the UTC day`,
    ),
    SpentToday: gauge('spent_today_usd', `Cost of the probes ${whose} this UTC day, in USD. ${unknown}`),
    SavedToday: gauge(
      'saved_today_usd',
      `Cost of the probes ${whose} avoided this UTC day, in USD. ${SAVED_BY}. ${unknown}`,
      ['by'],
    ),
    UnpricedToday: gauge(
      'unpriced_today_probes',
      `Paid probes ${whose} this UTC day without a known price; no cost metric includes them`,
    ),
  };
  return Object.fromEntries(
    Object.entries(list).map(([name, definition]) => [`${owner}${name}`, definition]),
  ) as Record<`${Owner}${MoneyName}`, MetricDefinition>;
}
