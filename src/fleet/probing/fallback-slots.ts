import { phaseOf } from '../../health/index.ts';
import type { PodId, StoreTime, TargetId } from '../../health/index.ts';
import { hash } from '../membership/index.ts';

/** Position of a pod among the pods that share the probes without a store. */
export interface SlotPosition {
  readonly index: number;
  readonly of: number;
}

/**
 * This pod's position in the last known list of members. A pod that never saw the store takes one of `expected`
 * positions by its own id. Two pods may take the same one, which costs a second probe but leaves no target unprobed.
 */
export function slotPositionOf(pod: PodId, members: readonly PodId[], expected: number): SlotPosition {
  const index = members.indexOf(pod);
  if (index >= 0) return { index, of: members.length };
  const of = Math.max(1, expected, members.length);
  return { index: hash(pod) % of, of };
}

/**
 * The next grid point of `target` that belongs to this position, at or after `from`, in store time: point k belongs to
 * member `(hash(target) + k) mod N`. So a fleet without a store still probes each target once per interval.
 *
 *   N = 3, hash mod 3 = 1:   k      0  1  2  3  4  5
 *                            member 1  2  0  1  2  0
 */
export function nextSlot(target: TargetId, everyMs: number, position: SlotPosition, from: StoreTime): StoreTime {
  const everyUs = everyMs * 1000;
  const phaseUs = Math.floor(phaseOf(target) * everyUs);
  const first = Math.ceil((from - phaseUs) / everyUs);
  const ahead = (position.index - ((hash(target) + first) % position.of) + position.of) % position.of;
  return phaseUs + (first + ahead) * everyUs;
}
