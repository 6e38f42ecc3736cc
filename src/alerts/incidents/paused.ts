import type { AlertBook } from './book.ts';
import type { AlertObservation } from './condition.ts';

/**
 * What an observation says while probing is paused. Evidence then comes from requests and from checks on request, and is as true
 * as that of probes; but the operator expects that targets are not well. So only a group that fails all its requests opens an
 * incident, and open incidents are followed.
 */
export function asWhilePaused(book: AlertBook, observation: AlertObservation): AlertObservation {
  if (!observation.paused) return observation;
  const followed = new Set(book.incidents.flatMap(({ members }) => members.map(({ key }) => key)));
  const active = observation.active.filter(({ key, kind }) => kind === 'group-down' || followed.has(key));
  return { ...observation, active };
}
