import type { StoreTime } from '../../health/index.ts';
import { alertKinds } from '../../ports/index.ts';
import type { AlertKind } from '../../ports/index.ts';

export type Severity = 'critical' | 'error' | 'warning';

/** Most characters of a label and of a place. */
export const LONGEST_LABEL = 200;

/** A state of the fleet that is worth an alert while it lasts. */
export interface Condition {
  /** Identity, such as `target:<id>`; the same in all pods. */
  readonly key: string;
  readonly kind: AlertKind;
  /** Conditions that begin in one place within the window are one incident: a provider with its host. */
  readonly place: string;
  /** A model or group; for other kinds the complete statement. */
  readonly label: string;
  /** Start by the evidence; null if it is not known: then the time at which it was first observed. */
  readonly since: StoreTime | null;
  /** Reason, one line. */
  readonly why: string;
}

/**
 * Why a condition is not active:
 *
 * - `clear`: it ended.
 * - `quiet`: an operator holds or drains the target.
 * - `unknown`: there is no verdict; an open incident stays as it is.
 * - `gone`: the observer does not have the target in its configuration. Pods of another configuration may.
 */
export type Inactive = 'clear' | 'quiet' | 'unknown' | 'gone';

/** The fleet at one moment, as far as alerts need it. */
export interface AlertObservation {
  readonly now: StoreTime;
  /** True while an operator pauses probing: then only groups without a routable deployment open incidents. */
  readonly paused: boolean;
  readonly active: readonly Condition[];
  /** State of a condition that is not active. */
  inactive(key: string): Inactive;
}

const severities: Readonly<Record<AlertKind, Severity>> = {
  'group-down': 'critical',
  'store-lost': 'error',
  'target-down': 'error',
  'bridge-not-publishing': 'error',
  'budget-spent': 'warning',
};

/** The most severe of some kinds. */
export function worstKind(kinds: readonly AlertKind[]): AlertKind {
  return alertKinds.find((kind) => kinds.includes(kind)) ?? 'target-down';
}

export function severityOf(kind: AlertKind): Severity {
  return severities[kind];
}
