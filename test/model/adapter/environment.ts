import type { FleetStore, StoreAnswer } from '../../../src/ports/index.ts';
import type { ModelState } from '../model-state.ts';
import type { PlantedBug } from '../planted-bugs.ts';
import type { PodParts } from './pod-parts.ts';

/** How the store treats one command: does it, does it while its answer gets lost, or hangs and does nothing in time. */
export type Reply = 'answered' | 'lost' | 'hung';

/** What surrounds a pod. */
export interface Surroundings {
  readonly state: ModelState;
  readonly bug: PlantedBug;
  readonly pods: readonly PodParts[];
  call<T>(
    reply: Reply,
    command: (store: FleetStore, notAfter: number) => Promise<StoreAnswer<T>>,
  ): Promise<StoreAnswer<T>>;
}
