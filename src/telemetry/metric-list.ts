import { bridgeMetricList } from './bridge-metric-list.ts';
import { fleetMetricList } from './fleet-metric-list.ts';
import { requestMetricList } from './request-metric-list.ts';
import { workerMetricList } from './worker-metric-list.ts';
import type { MetricDefinition } from './metric-definition.ts';

export type { MetricDefinition } from './metric-definition.ts';

type PodMetricKey =
  | 'probes'
  | 'probeDuration'
  | 'probeCost'
  | 'podTargetState'
  | 'podGroupRoutable'
  | 'podLocalOnly'
  | 'transitions'
  | 'propagation'
  | 'storeCommand'
  | 'storeErrors'
  | 'storeMode'
  | 'knownPods'
  | 'buildInfo'
  | 'impaired'
  | 'viewLag'
  | 'staleCommits'
  | 'resyncs'
  | 'leasesLost'
  | 'alertsSent'
  | 'alertIncidents'
  | 'alertsHeldBack'
  | 'alertReceiverFailing'
  | keyof typeof bridgeMetricList
  | keyof typeof requestMetricList
  | keyof typeof workerMetricList;

const fast = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Metrics of one pod, which it answers at `/metrics`. Labels never hold a key or a URL. */
export const podMetricList: Readonly<Record<PodMetricKey, MetricDefinition>> = {
  probes: {
    name: 'allswell_probe_total',
    type: 'counter',
    help: 'Probes made by this pod. class: ok, a failure class, or none (no result)',
    labels: ['reason', 'class', 'level'],
  },
  alertsSent: {
    name: 'allswell_alerts_total',
    type: 'counter',
    help: 'Attempts of this pod to send an alert. result: delivered, retried (failed, to be tried again), failed (given up) or dropped (too many waited)',
    labels: ['receiver', 'result'],
  },
  alertIncidents: {
    name: 'allswell_alert_incidents_open',
    type: 'gauge',
    help: 'Open incidents of the fleet, as this pod knows them',
    labels: [],
  },
  alertsHeldBack: {
    name: 'allswell_alert_conditions_held_back',
    type: 'gauge',
    help: 'Outages that are not reported yet because they returned within the damping time, as this pod knows them',
    labels: [],
  },
  alertReceiverFailing: {
    name: 'allswell_alert_receiver_failing',
    type: 'gauge',
    help: '1: the last attempt to send an alert to the receiver failed, and a message waits or it was less than an hour ago; else 0',
    labels: ['receiver'],
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
    labels: [],
  },
  podTargetState: {
    name: 'allswell_pod_target_state',
    type: 'gauge',
    help: 'State of a target in this pod. 0: unknown, 1: up, 2: degraded, 3: suspect, 4: down. Differs from allswell_target_state if only this pod fails to reach the target',
    labels: ['target', 'model'],
  },
  podGroupRoutable: {
    name: 'allswell_pod_group_routable_deployments',
    type: 'gauge',
    help: 'Available deployments of a model group in this pod: not down and not drained. Alerts use it while no pod can say it of the fleet, because Redis is lost',
    labels: ['group'],
  },
  podLocalOnly: {
    name: 'allswell_pod_local_only_targets',
    type: 'gauge',
    help: 'Targets that only this pod fails to reach; this pod counts them as unhealthy',
    labels: [],
  },
  transitions: {
    name: 'allswell_target_transitions_total',
    type: 'counter',
    help: 'Changes of the state of a target by evidence of this pod; add up the pods for the fleet. Absent before the first change. A pod exports at most one such series per target on average, and drops those that changed longest ago. to: the new state',
    labels: ['target', 'model', 'to'],
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
  storeMode: {
    name: 'allswell_store_mode',
    type: 'gauge',
    help: '1 for the current mode of this pod (shared, independent, fallback), 0 for the others',
    labels: ['mode'],
  },
  knownPods: {
    name: 'allswell_known_pods',
    type: 'gauge',
    help: 'Live pods of the fleet known to this pod, including itself; without Redis only itself',
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
  viewLag: {
    name: 'allswell_view_lag_seconds',
    type: 'gauge',
    help: "Longest time in the last minute that this pod's copy of the fleet's health was behind Redis; while Redis does not answer, time since then. Absent until the first read",
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
  ...bridgeMetricList,
  ...requestMetricList,
  ...workerMetricList,
};

/** Every metric of allswell's own; the reference page is made from it. */
export const metricList: Readonly<Record<PodMetricKey | keyof typeof fleetMetricList, MetricDefinition>> = {
  ...podMetricList,
  ...fleetMetricList,
};
