import type { Level } from '../health/index.ts';
import { asksBy } from './endpoint.ts';
import type { Reachable } from './reachable.ts';
import { vendorOf } from './vendors.ts';

/** Parts of a target that determine the deepest possible level of a probe. */
export type Looked = Pick<Reachable, 'provider' | 'wire' | 'upstreamModel'> & { readonly mode: string };

/** The deepest level that a probe can reach: an answer, else the list of models, else a connection. */
export function deepestLevel(target: Looked): Level {
  const answers = asksBy(target.wire, target.mode) && !target.upstreamModel.includes('*');
  return answers ? 'inference' : listable(target);
}

/** The level that is asked for, or the next shallower one that the target has. */
export function possibleLevel(asked: Level, target: Looked): Level {
  if (asked === 'inference') return deepestLevel(target);
  return asked === 'models' ? listable(target) : asked;
}

function listable({ provider, wire }: Looked): Level {
  return wire === 'none' || vendorOf(provider).listing === 'none' ? 'connect' : 'models';
}
