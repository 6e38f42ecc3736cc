import type { TargetId } from '../health/index.ts';

/** What a metric may say of a target: its id, which is a keyed hash, and its short name. */
export interface MeasuredTarget {
  readonly id: TargetId;
  readonly name: string;
}

/** The part of a configuration that metrics name or count. */
export interface MeasuredConfig {
  readonly targets: readonly MeasuredTarget[];
  /** Probed deployments, each of a model group. Default: none. */
  readonly deployments?: readonly { readonly modelName: string; readonly targetId: TargetId }[];
  /** Deployments that are not probed. Default: none. */
  readonly unprobed?: readonly { readonly modelName: string }[];
  /** Availability in per cent that model groups shall have. Default: none. */
  readonly objectives?: readonly { readonly group: string; readonly availability: number }[];
  /** Number of pods that the fleet should have; null: not configured. Default: null. */
  readonly expectedPods?: number | null;
}

/** Names of targets by id. */
export type MeasuredNames = ReadonlyMap<TargetId, string>;

/** Names of the targets of a configuration. */
export function measuredNamesOf({ targets }: MeasuredConfig): MeasuredNames {
  return new Map(targets.map(({ id, name }) => [id, name]));
}
