import type { TargetId } from '../health/index.ts';
import { PROBING } from '../ports/index.ts';
import type { HoldKey } from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';

type Listing = Pick<FleetOptions, 'targets'>;

const indexes = new WeakMap<readonly FleetTarget[], ReadonlyMap<TargetId, FleetTarget>>();

/**
 * The pod's targets by id, as they are now. A reload replaces them while the pod runs: nobody keeps what this answers
 * for longer than he looks at it.
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

/** Where holds on the pod's targets lie, as they are now. */
export function holdKeysOf({ targets }: Listing): ReadonlySet<HoldKey> {
  let known = holdKeys.get(targets);
  if (known === undefined) {
    known = new Set(targets.map(({ holdKey }) => holdKey));
    holdKeys.set(targets, known);
  }
  return known;
}

/** The name of the targets there; the bare place where this pod has none. */
export function holdName({ targets }: Listing, key: HoldKey): string {
  if (key === PROBING) return 'all probing';
  return targets.find((target) => target.holdKey === key)?.name ?? `${key} (not in this pod's model list)`;
}

/** What came and what went between two lists of targets. */
export interface TargetChange {
  readonly added: readonly TargetId[];
  readonly removed: readonly TargetId[];
}

export function changeBetween(before: Listing, after: Listing): TargetChange {
  const missing = (from: Listing, where: Listing): TargetId[] =>
    from.targets.map(({ id }) => id).filter((id) => !targetIndexOf(where).has(id));
  return { added: missing(after, before), removed: missing(before, after) };
}

/** The shortest interval of any target, at most `mostMs`, which holds where there are none. */
export function shortestIntervalMs({ targets }: Listing, mostMs: number): number {
  return Math.min(mostMs, ...targets.map(({ intervalMs }) => intervalMs));
}
