import type { MetricDefinition } from './metric-definition.ts';

type RequestMetricKey =
  | 'requests'
  | 'requestDuration'
  | 'requestFirstByte'
  | 'requestFailovers'
  | 'routingPanics'
  | 'requestsUnplaced'
  | 'requestRetriesRefused'
  | 'deploymentInFlight'
  | 'requestAttempts'
  | 'requestTokens'
  | 'requestSpend'
  | 'requestsRefused'
  | 'deploymentLimitShare'
  | 'deploymentLimitRefusals';

const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Metrics of users' requests. */
export const requestMetricList: Readonly<Record<RequestMetricKey, MetricDefinition>> = {
  requests: {
    name: 'allswell_requests_total',
    type: 'counter',
    help: 'Requests of model groups that this pod answered, by HTTP status and outcome: answered, failed (an error status), broken-off (in the middle; the status is that of the error event), left-before-answer or left-during-answer (499: the client left)',
    labels: ['group', 'status', 'outcome'],
  },
  requestDuration: {
    name: 'allswell_request_duration_seconds',
    type: 'histogram',
    help: 'Time from the arrival of a request until the end of its answer, failovers included',
    labels: ['group'],
    buckets: seconds,
  },
  requestFirstByte: {
    name: 'allswell_request_first_byte_seconds',
    type: 'histogram',
    help: 'Time from the arrival of a request until the first byte of its answer from an upstream, failovers included',
    labels: ['group'],
    buckets: seconds,
  },
  requestFailovers: {
    name: 'allswell_request_failovers_total',
    type: 'counter',
    help: 'Answered requests that needed more than one attempt',
    labels: ['group'],
  },
  routingPanics: {
    name: 'allswell_routing_panics_total',
    type: 'counter',
    help: 'Times that no deployment of a model group and of its fallback groups was routable any more, so its requests go to deployments that are not. Each pod counts its own',
    labels: ['group'],
  },
  requestsUnplaced: {
    name: 'allswell_requests_unplaced_total',
    type: 'counter',
    help: 'Requests that were answered 429 without an attempt. reason: over-limit (all deployments are at their limits in this pod) or no-deployment (none is left for the request)',
    labels: ['group', 'reason'],
  },
  requestRetriesRefused: {
    name: 'allswell_request_retries_refused_total',
    type: 'counter',
    help: 'Further attempts that the retry budget of this pod refused',
    labels: ['group'],
  },
  deploymentInFlight: {
    name: 'allswell_deployment_in_flight',
    type: 'gauge',
    help: 'Attempts of this pod at a deployment that have not ended, streams included',
    labels: ['deployment', 'group'],
  },
  requestAttempts: {
    name: 'allswell_request_attempts_total',
    type: 'counter',
    help: "Attempts at a deployment. result: success, a failure class, caller-fault (the upstream rejected the caller's input), or neutral (no evidence)",
    labels: ['deployment', 'group', 'result'],
  },
  requestTokens: {
    name: 'allswell_request_tokens_total',
    type: 'counter',
    help: 'Tokens of answered requests, as upstreams counted them; kind: input or output',
    labels: ['deployment', 'group', 'kind'],
  },
  requestSpend: {
    name: 'allswell_request_spend_usd_total',
    type: 'counter',
    help: 'Cost of these tokens, US dollars: by the prices of the configuration, else by list prices without surcharges for long prompts. Absent where the price is unknown',
    labels: ['deployment', 'group'],
  },
  requestsRefused: {
    name: 'allswell_requests_refused_total',
    type: 'counter',
    help: "Requests that were refused before they were routed. reason: no-key, wrong-key, forbidden, in-flight or buffered-bytes (503, limits of the pod), too-large, malformed, unknown-model, not-callable (the group's deployments can only be probed), client-left",
    labels: ['reason'],
  },
  deploymentLimitShare: {
    name: 'allswell_deployment_limit_share',
    type: 'gauge',
    help: "This pod's share of a deployment's limit (allswell_deployment_limit). The shares of all pods together are at most the limit. kind: rpm, tpm or parallel",
    labels: ['deployment', 'kind'],
  },
  deploymentLimitRefusals: {
    name: 'allswell_deployment_limit_refusals_total',
    type: 'counter',
    help: "Times that a request passed a deployment over because this pod's share of its limits was used up",
    labels: ['deployment'],
  },
};
