import type { PodId, StoreTime } from '../health/index.ts';
import type { AlertKind, ReceiverType } from './alert-settings.ts';

/** Last attempt at a receiver by any pod, or by this pod for a message without the store. */
export interface AlertDelivery {
  readonly receiver: string;
  /** Name for the address, which does not show it. Absent for none known. */
  readonly address?: string | undefined;
  readonly at: StoreTime;
  readonly result: 'delivered' | 'failed';
  /** The answer or the fault, one line, without a secret. */
  readonly answer: string;
}

/** A receiver as it may be shown: its host only. */
export interface ReceiverView {
  readonly name: string;
  readonly type: ReceiverType;
  readonly host: string;
  readonly kinds: readonly AlertKind[];
  /** Messages that wait for it. */
  readonly waiting: number;
  /** Last attempt at its present address; null for none. */
  readonly last: Omit<AlertDelivery, 'address' | 'receiver'> | null;
  /** The last attempt failed, and a message waits or it was less than an hour ago: operators may not know of an outage. */
  readonly failing: boolean;
}

/** A condition that damping holds back: it returned soon after its end. */
export interface HeldBackView {
  readonly kind: AlertKind;
  readonly label: string;
  readonly since: StoreTime;
  /** When it will be reported if it lasts. */
  readonly until: StoreTime;
}

/** An open incident. `down` and `ended` are labels of models, groups or other subjects. */
export interface IncidentView {
  readonly id: string;
  readonly kind: AlertKind;
  readonly title: string;
  readonly startedAt: StoreTime;
  readonly openedAt: StoreTime;
  readonly down: readonly string[];
  readonly ended: readonly string[];
  readonly receivers: readonly string[];
}

/** State of the fleet's alerts as one pod knows it, read from memory. */
export interface AlertsView {
  /** Pod that sends the fleet's alerts; null while none is known. */
  readonly sender: PodId | null;
  /** True while an operator pauses probing: only groups without a routable deployment open incidents meanwhile. */
  readonly paused: boolean;
  readonly receivers: readonly ReceiverView[];
  readonly incidents: readonly IncidentView[];
  readonly heldBack: readonly HeldBackView[];
}

/** Answer of one receiver to a test message. */
export interface AlertTestResult {
  readonly receiver: string;
  readonly type: ReceiverType;
  readonly host: string;
  readonly result: 'delivered' | 'failed';
  readonly answer: string;
}

/** Alerts of a pod, for endpoints and metrics. */
export interface AlertsReader {
  alerts(): AlertsView;
  /** Sends a test message to one receiver or to all, from this pod. Null: there is no such receiver. */
  testAlerts(receiver: string | undefined): Promise<readonly AlertTestResult[] | null>;
}

/** Metrics of alerts. */
export interface AlertMetrics {
  alertSent(receiver: string, result: 'delivered' | 'dropped' | 'failed' | 'retried'): void;
}
