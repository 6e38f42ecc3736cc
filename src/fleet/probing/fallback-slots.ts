import { phaseOf } from '../../health/index.ts';
import type { PodId, StoreTime, TargetId } from '../../health/index.ts';
import { hash } from '../membership/index.ts';

/** Who this pod is among those that share the work without a store. */
export interface Seat {
  readonly index: number;
  readonly of: number;
}

/**
 * This pod's place in the last known list of members. A pod that never saw the store takes one of `expected` places
 * by its own id: two pods may take the same one, which costs a second probe, never a missing fleet.
 */
export function seatOf(pod: PodId, members: readonly PodId[], expected: number): Seat {
  const index = members.indexOf(pod);
  if (index >= 0) return { index, of: members.length };
  const of = Math.max(1, expected, members.length);
  return { index: hash(pod) % of, of };
}

/**
 * The next grid point of `target` that belongs to this seat, at or after `from`, in store time: point k belongs to
 * member `(hash(target) + k) mod N`. So a fleet without a store still probes each target once per interval.
 *
 *   N = 3, hash mod 3 = 1:   k      0  1  2  3  4  5
 *                            member 1  2  0  1  2  0
 */
export function nextSlot(target: TargetId, everyMs: number, seat: Seat, from: StoreTime): StoreTime {
  const everyUs = everyMs * 1000;
  const phaseUs = Math.floor(phaseOf(target) * everyUs);
  const first = Math.ceil((from - phaseUs) / everyUs);
  const ahead = (seat.index - ((hash(target) + first) % seat.of) + seat.of) % seat.of;
  return phaseUs + (first + ahead) * everyUs;
}
