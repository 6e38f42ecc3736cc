import { PROBING } from '../ports/index.ts';
import type { Hold, HoldPlace } from '../ports/index.ts';
import type { FleetOptions } from './options.ts';

type Listing = Pick<FleetOptions, 'targets'>;

/** The log line of a hold that begins, or that was decided anew. */
export function beginning(options: Listing, place: HoldPlace, { kind, by, reason, until }: Hold): string {
  const what = place === PROBING ? 'Probing is paused' : `${placeName(options, place)} is held: ${kind}`;
  const end = until === null ? 'until somebody ends it' : `until ${new Date(until / 1000).toISOString()}`;
  return `${what}, by ${by}, ${end}: ${reason}`;
}

/** The log line of a hold that is in force no longer. */
export function ending(options: Listing, place: HoldPlace, hold: Hold | undefined): string {
  const what = place === PROBING ? 'Probing goes on' : `${placeName(options, place)} is held no longer`;
  return hold?.kind === 'none' ? `${what}, by ${hold.by}: ${hold.reason}` : `${what}: its time is over`;
}

/** The name of the targets there; the bare place where this pod has none. */
export function placeName({ targets }: Listing, place: HoldPlace): string {
  if (place === PROBING) return 'all probing';
  return targets.find((target) => target.place === place)?.name ?? `${place}, which is not in this pod's list,`;
}
