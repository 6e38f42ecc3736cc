import type { Clock, FleetMetrics, StoreCommand, StoreLoss } from '../../../ports/index.ts';

type Outcome = { readonly kind: string } & ({ readonly kind: 'lost'; readonly loss: StoreLoss } | object);

/** Measures commands: duration, and code of a loss. */
export function measured(
  clock: Clock,
  metrics: FleetMetrics | undefined,
): <T extends Outcome>(command: StoreCommand, work: () => Promise<T>) => Promise<T> {
  return async (command, work) => {
    const startedMs = clock.monotonicMs();
    const outcome = await work();
    metrics?.storeCommand(command, clock.monotonicMs() - startedMs);
    if (outcome.kind === 'lost' && 'loss' in outcome) metrics?.storeError(command, outcome.loss.code);
    return outcome;
  };
}
