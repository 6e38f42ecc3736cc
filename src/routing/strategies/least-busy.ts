import { lowest } from './lowest.ts';
import type { PickOne } from './strategy.ts';

/** `least-busy`: fewest requests in flight of this pod. The share divides them, so half a share bears half as many. */
export const leastBusy: PickOne = (candidates, { random }) =>
  lowest(candidates, random, ({ inFlight, share }) => (inFlight + 1) / share);
