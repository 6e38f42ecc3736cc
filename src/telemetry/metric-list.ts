import { bridgeMetricList } from './bridge-metric-list.ts';
import { requestMetricList } from './request-metric-list.ts';
import { workerMetricList } from './worker-metric-list.ts';
import type { MetricDefinition } from './metric-definition.ts';

export type { MetricDefinition } from './metric-definition.ts';

type MetricKey =
  | 'probes'
  | 'probeDuration'
  | 'probeCost'
  | 'targetState'
  | 'targetStale'
  | 'targetHold'
  | 'targetFlag'
  | 'targetLocalOnly'
  | 'targetAdapted'
  | 'evidenceAge'
  | 'propagation'
  | 'storeCommand'
  | 'storeErrors'
  | 'probingPaused'
  | 'storeMode'
  | 'pods'
  | 'buildInfo'
  | 'impaired'
  | 'staleCommits'
  | 'resyncs'
  | 'leasesLost'
  | 'budgetProbes'
  | 'budgetUsd'
  | 'budgetUsedProbes'
  | 'budgetUsedUsd'
  | 'spentToday'
  | 'savedToday'
  | 'unpricedToday'
  | 'targetShallow'
  | 'alertsSent'
  | 'alertIncidents'
  | keyof typeof bridgeMetricList
  | keyof typeof requestMetricList
  | keyof typeof workerMetricList;

const fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Every metric of allswell's own; the reference page is made from it. Labels never hold a key or a URL. */
export const metricList: Readonly<Record<MetricKey, MetricDefinition>> = {
  probes: {
    name: 'allswell_probe_total',
    type: 'counter',
    help: 'Probes made by this pod. class: ok, a failure class, or none (no result)',
    labels: ['reason', 'class', 'level'],
  },
  alertsSent: {
    name: 'allswell_alerts_total',
    type: 'counter',
    help: 'Attempts of this pod to send an alert. result: delivered, retried (failed, to be tried again) or failed (given up)',
    labels: ['receiver', 'result'],
  },
  alertIncidents: {
    name: 'allswell_alert_incidents_open',
    type: 'gauge',
    help: 'Open incidents of the fleet, as this pod knows them',
    labels: [],
  },
  probeDuration: {
    name: 'allswell_probe_duration_seconds',
    type: 'histogram',
    help: "Time from the first byte of a probe's request to the last byte of its answer",
    labels: ['level'],
    buckets: slow,
  },
  probeCost: {
    name: 'allswell_probe_cost_usd_total',
    type: 'counter',
    help: "Cost of this pod's probes, at list prices; excludes probes without a known price",
    labels: ['target', 'model'],
  },
  targetState: {
    name: 'allswell_target_state',
    type: 'gauge',
    help: "1 for the target's current state in this pod, 0 for the other states",
    labels: ['target', 'model', 'state'],
  },
  targetStale: {
    name: 'allswell_target_stale',
    type: 'gauge',
    help: '1 while the newest evidence about a target is older than max(DEFAULT_SHARED_HEALTH_CHECK_TTL, 2 × interval + timeout)',
    labels: ['target', 'model'],
  },
  targetHold: {
    name: 'allswell_target_hold',
    type: 'gauge',
    help: '1 for the kind of hold (drain, hold-up) that an operator set on a target, 0 for the other',
    labels: ['target', 'model', 'kind'],
  },
  targetFlag: {
    name: 'allswell_target_flag',
    type: 'gauge',
    help: '1 for each flag of a target, 0 for the others: unconfirmed, rate-limited, slow, probe-rejected, budget-spent',
    labels: ['target', 'model', 'flag'],
  },
  targetLocalOnly: {
    name: 'allswell_target_local_only',
    type: 'gauge',
    help: '1 while only this pod fails to reach a target; this pod counts it as unhealthy',
    labels: ['target', 'model'],
  },
  targetAdapted: {
    name: 'allswell_target_probe_adapted',
    type: 'gauge',
    help: '1 while probes of a target omit or rename a parameter that the upstream rejected; /health shows which',
    labels: ['target', 'model'],
  },
  evidenceAge: {
    name: 'allswell_evidence_age_seconds',
    type: 'gauge',
    help: 'Upper bound of the age of the evidence behind a verdict; absent for a target without a verdict',
    labels: ['target', 'model'],
  },
  propagation: {
    name: 'allswell_propagation_seconds',
    type: 'histogram',
    help: 'Time from the end of a probe in any pod until this pod applied its result',
    labels: [],
    buckets: fast,
  },
  storeCommand: {
    name: 'allswell_store_command_seconds',
    type: 'histogram',
    help: 'Duration of store commands, including failed ones',
    labels: ['command'],
    buckets: fast,
  },
  storeErrors: {
    name: 'allswell_store_errors_total',
    type: 'counter',
    help: 'Failed store commands, by reason',
    labels: ['command', 'code'],
  },
  probingPaused: {
    name: 'allswell_probing_paused',
    type: 'gauge',
    help: "1 while an operator has paused the fleet's probes",
    labels: [],
  },
  storeMode: {
    name: 'allswell_store_mode',
    type: 'gauge',
    help: '1 for the current mode of this pod (shared, independent, fallback), 0 for the others',
    labels: ['mode'],
  },
  pods: {
    name: 'allswell_fleet_pods',
    type: 'gauge',
    help: 'Live pods of the fleet known to this pod, including itself',
    labels: [],
  },
  buildInfo: {
    name: 'allswell_build_info',
    type: 'gauge',
    help: '1; says which pod this is. pod_name: POD_NAME, else the host name. node: version of Node',
    labels: ['pod', 'pod_name', 'version', 'node'],
  },
  impaired: {
    name: 'allswell_pod_impaired',
    type: 'gauge',
    help: '1 while this pod is impaired: it fails at upstream hosts where other pods succeed, and does not probe for the fleet',
    labels: [],
  },
  staleCommits: {
    name: 'allswell_stale_commits_total',
    type: 'counter',
    help: 'Probe results dropped because Redis had newer ones',
    labels: [],
  },
  resyncs: {
    name: 'allswell_resync_total',
    type: 'counter',
    help: 'Full re-reads of the shared records, by cause',
    labels: ['why'],
  },
  leasesLost: {
    name: 'allswell_lease_lost_total',
    type: 'counter',
    help: 'Leases that expired before their probe ended',
    labels: [],
  },
  budgetProbes: {
    name: 'allswell_budget_limit_probes',
    type: 'gauge',
    help: 'Limit of paid probes per hour; absent without a limit',
    labels: ['target', 'model'],
  },
  budgetUsd: {
    name: 'allswell_budget_limit_usd',
    type: 'gauge',
    help: 'Limit of probe cost per UTC day, in USD; absent without a limit',
    labels: ['target', 'model'],
  },
  budgetUsedProbes: {
    name: 'allswell_budget_used_probes',
    type: 'gauge',
    help: 'Paid probes counted against the hourly limit, as last read from Redis; absent until the first read of the hour',
    labels: ['target', 'model'],
  },
  budgetUsedUsd: {
    name: 'allswell_budget_used_usd',
    type: 'gauge',
    help: 'Cost counted against the daily limit, in USD, with running and lost probes at their maximum price; absent until the first read of the UTC day',
    labels: ['target', 'model'],
  },
  spentToday: {
    name: 'allswell_fleet_spent_today_usd',
    type: 'gauge',
    help: 'Cost of probes this UTC day, in USD; the same in every pod. Absent without known prices, and until the first read of the day',
    labels: ['target', 'model'],
  },
  savedToday: {
    name: 'allswell_fleet_saved_today_usd',
    type: 'gauge',
    help: 'Cost of the probes avoided this UTC day, in USD. by: sharing (another pod probed), alias (another deployment of the target was probed), cache (an on-demand check reused a result). Absent without known prices, and until the first read of the day',
    labels: ['target', 'model', 'by'],
  },
  unpricedToday: {
    name: 'allswell_fleet_unpriced_today_probes',
    type: 'gauge',
    help: 'Paid probes of this UTC day without a known price; no cost metric includes them',
    labels: ['target', 'model'],
  },
  targetShallow: {
    name: 'allswell_target_over_budget',
    type: 'gauge',
    help: '1 while the newest check of a target was unbilled because a budget was spent',
    labels: ['target', 'model'],
  },
  ...bridgeMetricList,
  ...requestMetricList,
  ...workerMetricList,
};
