import type { TargetId } from '../health/index.ts';
import { PROBING } from '../ports/index.ts';
import type { HoldPlace } from '../ports/index.ts';
import type { FleetOptions, FleetTarget } from './options.ts';

type Listing = Pick<FleetOptions, 'targets'>;

const rosters = new WeakMap<readonly FleetTarget[], ReadonlyMap<TargetId, FleetTarget>>();

/**
 * The pod's targets by id, as they are now. A reload replaces them while the pod runs: nobody keeps what this answers
 * for longer than he looks at it.
 */
export function rosterOf({ targets }: Listing): ReadonlyMap<TargetId, FleetTarget> {
  let roster = rosters.get(targets);
  if (roster === undefined) {
    roster = new Map(targets.map((target) => [target.id, target]));
    rosters.set(targets, roster);
  }
  return roster;
}

const places = new WeakMap<readonly FleetTarget[], ReadonlySet<HoldPlace>>();

/** Where holds on the pod's targets lie, as they are now. */
export function placesOf({ targets }: Listing): ReadonlySet<HoldPlace> {
  let known = places.get(targets);
  if (known === undefined) {
    known = new Set(targets.map(({ place }) => place));
    places.set(targets, known);
  }
  return known;
}

/** The name of the targets there; the bare place where this pod has none. */
export function placeName({ targets }: Listing, place: HoldPlace): string {
  if (place === PROBING) return 'all probing';
  return targets.find((target) => target.place === place)?.name ?? `${place}, which is not in this pod's list,`;
}

/** What came and what went between two lists of targets. */
export interface RosterChange {
  readonly added: readonly TargetId[];
  readonly removed: readonly TargetId[];
}

export function changeBetween(before: Listing, after: Listing): RosterChange {
  const missing = (from: Listing, where: Listing): TargetId[] =>
    from.targets.map(({ id }) => id).filter((id) => !rosterOf(where).has(id));
  return { added: missing(after, before), removed: missing(before, after) };
}

/** The shortest interval of any target, at most `mostMs`, which holds where there are none. */
export function shortestIntervalMs({ targets }: Listing, mostMs: number): number {
  return Math.min(mostMs, ...targets.map(({ intervalMs }) => intervalMs));
}
