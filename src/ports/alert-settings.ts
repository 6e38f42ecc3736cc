/** What an alert can be about, most severe first. See {@link AlertKind}. */
export const alertKinds = ['group-down', 'store-lost', 'target-down', 'bridge-not-publishing', 'budget-spent'] as const;

/**
 * - `group-down`: no deployment of a model group is routable.
 * - `store-lost`: a pod does not reach Redis.
 * - `target-down`: a target is down.
 * - `bridge-not-publishing`: no pod publishes results for LiteLLM.
 * - `budget-spent`: a probe budget is spent.
 */
export type AlertKind = (typeof alertKinds)[number];

/** Forms of messages. */
export const receiverTypes = ['slack', 'webhook', 'pagerduty', 'alertmanager'] as const;

/** A form of messages. */
export type ReceiverType = (typeof receiverTypes)[number];

/** Where alerts are sent. `url` may contain a secret. */
export interface AlertReceiver {
  readonly name: string;
  readonly type: ReceiverType;
  readonly url: string;
  /** Of a webhook: signs the requests. */
  readonly secret?: string;
  /** Of PagerDuty: the integration key. */
  readonly routingKey?: string;
  readonly kinds: readonly AlertKind[];
}

/** Times of incidents, ms. */
export interface IncidentSettings {
  /** Conditions of one place that begin within this time are one incident. */
  readonly groupWindowMs: number;
  /** A condition must last this long before it counts. */
  readonly forMs: number;
  /** A condition that returns within this time of its end counts only once it has lasted as long. */
  readonly dampingMs: number;
}

/** Alerts of a fleet; none without receivers. */
export interface AlertSettings extends IncidentSettings {
  readonly receivers: readonly AlertReceiver[];
}
