import type { MetricDefinition } from './metric-definition.ts';

type BridgeMetricKey =
  | 'bridgePublications'
  | 'bridgeAge'
  | 'bridgeDisplaced'
  | 'bridgeLitellmPods'
  | 'bridgeProbesAvoided'
  | 'bridgeUsdAvoided'
  | 'cooldownMode'
  | 'cooldownsHeld'
  | 'cooldownsWritten'
  | 'cooldownsRefused'
  | 'cooldownErrors'
  | 'litellmCooldowns'
  | 'trafficProbesAvoided'
  | 'trafficUsdAvoided'
  | 'trafficUnpricedAvoided'
  | 'observations'
  | 'litellmEvents'
  | 'reportedObservations'
  | 'trafficReports';

/** Metrics of a bridge to LiteLLM: results, cooldowns, and evidence from users' requests. */
export const bridgeMetricList: Readonly<Record<BridgeMetricKey, MetricDefinition>> = {
  bridgePublications: {
    name: 'allswell_bridge_publications_total',
    type: 'counter',
    help: 'Results published by this pod for LiteLLM; absent or 0 without a bridge',
    labels: [],
  },
  bridgeAge: {
    name: 'allswell_bridge_publication_age_seconds',
    type: 'gauge',
    help: 'Time since this pod last published results for LiteLLM; absent while it does not publish. If it is absent in all pods, no pod publishes',
    labels: [],
  },
  bridgeDisplaced: {
    name: 'allswell_bridge_displaced_total',
    type: 'counter',
    help: 'Number of times that published results were replaced. by: litellm (results of a LiteLLM pod), unknown (other data), vanished (no data)',
    labels: ['by'],
  },
  bridgeLitellmPods: {
    name: 'allswell_bridge_litellm_pods',
    type: 'gauge',
    help: 'LiteLLM pods whose lock or results this pod read within the last hour; pods that only read results have no name and are not counted',
    labels: [],
  },
  bridgeProbesAvoided: {
    name: 'allswell_bridge_probes_avoided_total',
    type: 'counter',
    help: "Estimated number of probes that LiteLLM did not send because this pod's results were published: every max(interval, TTL), one probe of each deployment with background checks; counted only while a LiteLLM pod was seen to use the results within the last hour",
    labels: [],
  },
  bridgeUsdAvoided: {
    name: 'allswell_bridge_usd_avoided_total',
    type: 'counter',
    help: "Estimated cost of the probes in allswell_bridge_probes_avoided_total, in USD, each at the price of its target's last probe; unknown prices count as 0",
    labels: [],
  },
  cooldownMode: {
    name: 'allswell_cooldown_mode',
    type: 'gauge',
    help: '1 for the mode of LiteLLM cooldowns in force in this pod (on, observe, off), 0 for the others; absent without a bridge',
    labels: ['mode'],
  },
  cooldownsHeld: {
    name: 'allswell_cooldowns',
    type: 'gauge',
    help: "Deployments that the fleet wants to keep out of LiteLLM's routing, in the pod with the bridge's lease. state: held (cooled), observed (mode observe: nothing is written), last (the last routable one of its pool, so it is not cooled)",
    labels: ['state', 'reason'],
  },
  cooldownsWritten: {
    name: 'allswell_cooldowns_written_total',
    type: 'counter',
    help: 'LiteLLM cooldowns that this pod began. reason: down, rate-limited, drained',
    labels: ['reason'],
  },
  cooldownsRefused: {
    name: 'allswell_cooldowns_refused_total',
    type: 'counter',
    help: 'LiteLLM cooldowns that this pod did not set, because the deployment was the last routable one of its pool',
    labels: ['reason'],
  },
  cooldownErrors: {
    name: 'allswell_cooldown_errors_total',
    type: 'counter',
    help: "Failed commands on the Redis of LiteLLM's Router, by reason",
    labels: ['code'],
  },
  litellmCooldowns: {
    name: 'allswell_litellm_cooldowns_total',
    type: 'counter',
    help: "Cooldowns that LiteLLM pods began and this pod noticed while it had the bridge's lease",
    labels: [],
  },
  trafficProbesAvoided: {
    name: 'allswell_traffic_probes_avoided_total',
    type: 'counter',
    help: "Estimated number of probes that results of users' requests replaced in this pod",
    labels: [],
  },
  trafficUsdAvoided: {
    name: 'allswell_traffic_usd_avoided_total',
    type: 'counter',
    help: "Estimated cost of the probes in allswell_traffic_probes_avoided_total, in USD, each at the price of its target's last probe, or at the highest price of a probe if this pod saw none; excludes probes without a known price",
    labels: [],
  },
  trafficUnpricedAvoided: {
    name: 'allswell_traffic_unpriced_probes_avoided_total',
    type: 'counter',
    help: 'Billed probes in allswell_traffic_probes_avoided_total without a known price; no cost metric includes them',
    labels: [],
  },
  observations: {
    name: 'allswell_observations_total',
    type: 'counter',
    help: "Results of users' requests that this pod read as evidence, from LiteLLM's events and cooldowns (source: traffic) and from POST /fleet/observations (source: external). class: success, a failure class, or neutral for a result that proves nothing about the target",
    labels: ['source', 'class'],
  },
  litellmEvents: {
    name: 'allswell_litellm_events_total',
    type: 'counter',
    help: 'Events received from LiteLLM. result: accepted, unknown (no deployment of this pod has the model_id), ignored (faulty, too old, or without a model_id)',
    labels: ['result'],
  },
  reportedObservations: {
    name: 'allswell_reported_observations_total',
    type: 'counter',
    help: 'Observations received at POST /fleet/observations. result: accepted, unknown (this pod does not have the target), ignored (faulty or too old)',
    labels: ['result'],
  },
  trafficReports: {
    name: 'allswell_traffic_reports_total',
    type: 'counter',
    help: 'Verdicts from the requests of the last minute, one for each batch and target. verdict: success, degraded, suspect',
    labels: ['verdict'],
  },
};
