import type { FleetOptions } from '../../src/fleet/options.ts';
import { StoreCircuitBreaker } from '../../src/fleet/store/circuit-breaker.ts';
import { createStoreClock } from '../../src/fleet/store/store-clock.ts';

/** A circuit breaker without listeners, for tests of the parts above it. */
export function quietCircuit(options: FleetOptions): StoreCircuitBreaker {
  return new StoreCircuitBreaker(options, createStoreClock(options.clock), () => 0, {
    answered: () => undefined,
    clockJumped: () => undefined,
    unreachable: () => undefined,
    reachable: () => undefined,
    testCommand: (store) => store.time(),
  });
}
