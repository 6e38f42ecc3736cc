import type { Clock } from '../ports/index.ts';
import type { RoutingEvents } from './events.ts';

/** Without an attempt at a deployment that is not routable for this time, a panic counts as over. */
const ENDED_AFTER_MS = 10_000;

/** Groups whose requests go to deployments that are not routable. */
export interface Panics {
  /** A request of the group goes to one. */
  attempted(group: string): void;
  /** A request of the group goes to a routable deployment. */
  calm(group: string): void;
}

/** A timer ends a panic where no further request comes, so that a gauge does not stay. */
export function createPanics(clock: Clock, events: RoutingEvents): Panics {
  const lastMs = new Map<string, number>();

  const end = (group: string, phase: 'ended' | 'quiet'): void => {
    if (lastMs.delete(group)) events.panic({ group, phase });
  };
  const watch = (group: string, delayMs: number): void => {
    clock.setTimer(delayMs, () => {
      const at = lastMs.get(group);
      if (at === undefined) return;
      const quietMs = clock.monotonicMs() - at;
      if (quietMs >= ENDED_AFTER_MS) end(group, 'quiet');
      else watch(group, ENDED_AFTER_MS - quietMs);
    });
  };
  return {
    attempted: (group) => {
      const isNew = !lastMs.has(group);
      lastMs.set(group, clock.monotonicMs());
      if (!isNew) return;
      events.panic({ group, phase: 'began' });
      watch(group, ENDED_AFTER_MS);
    },
    calm: (group) => {
      if (lastMs.size > 0) end(group, 'ended');
    },
  };
}
