import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet, FleetOptions, FleetTarget } from '../../src/fleet/index.ts';
import type { HoldOrder } from '../../src/ports/index.ts';
import { fleetTarget, testUpstream, testWorld } from './fleet-parts.ts';
import type { TestUpstream, TestWorld } from './fleet-parts.ts';

export const INTERVAL_MS = 10_000;
export const target: FleetTarget = fleetTarget({ intervalMs: INTERVAL_MS });
/** Differs from {@link target} in its credential alone. */
export const otherKey: FleetTarget = fleetTarget({ id: '90000000bbbb', intervalMs: INTERVAL_MS });
export const elsewhere: FleetTarget = fleetTarget({
  id: 'a0000000cccc',
  holdKey: 'e0000000cccc',
  name: 'openai/o3',
  intervalMs: INTERVAL_MS,
});

/** Pods with three targets, and their log lines. */
export interface HoldingWorld extends TestWorld {
  readonly upstream: TestUpstream;
  readonly pod: (name: string, changes?: Partial<FleetOptions>) => Fleet;
  /** Log lines of all pods, without debug. */
  readonly lines: (pattern: RegExp) => readonly string[];
}

export function holdingWorld(): HoldingWorld {
  const base = testWorld();
  const upstream = testUpstream(base.clock);
  return {
    ...base,
    upstream,
    pod: (name, changes = {}) => {
      const targets = [target, otherKey, elsewhere];
      const fleet = createFleet(
        base.options({ pod: name, prober: upstream, targets, store: base.memory.open(), ...changes }),
      );
      fleet.start();
      return fleet;
    },
    lines: (pattern) =>
      base.logger.lines
        .filter(({ level, message }) => level !== 'debug' && pattern.test(message))
        .map(({ message }) => message),
  };
}

export function order(changes: Partial<HoldOrder> = {}): HoldOrder {
  return { on: target.id, kind: 'drain', by: 'ops', reason: 'maintenance', until: null, ...changes };
}
