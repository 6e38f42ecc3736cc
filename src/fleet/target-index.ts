import type { TargetId } from '../health/index.ts';
import { COOLDOWNS, PROBING } from '../ports/index.ts';
import type { HoldKey } from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';

type Listing = Pick<FleetOptions, 'targets'>;

const indexes = new WeakMap<readonly FleetTarget[], ReadonlyMap<TargetId, FleetTarget>>();

/**
 * The pod's targets by id, as configured now. A reload replaces the map while the pod runs, so callers must not keep
 * it.
 */
export function targetIndexOf({ targets }: Listing): ReadonlyMap<TargetId, FleetTarget> {
  let index = indexes.get(targets);
  if (index === undefined) {
    index = new Map(targets.map((target) => [target.id, target]));
    indexes.set(targets, index);
  }
  return index;
}

const holdKeys = new WeakMap<readonly FleetTarget[], ReadonlySet<HoldKey>>();

/** Hold keys of the pod's targets, as configured now. */
export function holdKeysOf({ targets }: Listing): ReadonlySet<HoldKey> {
  let known = holdKeys.get(targets);
  if (known === undefined) {
    known = new Set(targets.map(({ holdKey }) => holdKey));
    holdKeys.set(targets, known);
  }
  return known;
}

/** Hold keys that belong to no target: every pod has them. */
export const FLEET_KEYS: readonly HoldKey[] = [PROBING, COOLDOWNS];

/** Name of the targets with this key; the bare key if this pod has none. */
export function holdName({ targets }: Listing, key: HoldKey): string {
  if (key === PROBING) return 'all probing';
  if (key === COOLDOWNS) return 'LiteLLM cooldowns';
  return targets.find((target) => target.holdKey === key)?.name ?? `${key} (not in this pod's model list)`;
}

/** Targets added and removed between two lists. */
export interface TargetChange {
  readonly added: readonly TargetId[];
  readonly removed: readonly TargetId[];
}

export function changeBetween(before: Listing, after: Listing): TargetChange {
  const missing = (from: Listing, where: Listing): TargetId[] =>
    from.targets.map(({ id }) => id).filter((id) => !targetIndexOf(where).has(id));
  return { added: missing(after, before), removed: missing(before, after) };
}

/** Shortest interval of any target, at most `mostMs`, which is also the value without targets. */
export function shortestIntervalMs({ targets }: Listing, mostMs: number): number {
  return Math.min(mostMs, ...targets.map(({ intervalMs }) => intervalMs));
}
