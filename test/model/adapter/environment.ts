import type { FleetStore, StoreAnswer } from '../../../src/ports/index.ts';
import type { ModelState } from '../model-state.ts';
import type { PlantedBug } from '../planted-bugs.ts';
import type { PodParts } from './pod-parts.ts';

/** The store's reply to one command: executed, executed with a lost answer, or not executed in time. */
export type Reply = 'answered' | 'lost' | 'hung';

/** The environment of a pod. */
export interface Environment {
  readonly state: ModelState;
  readonly bug: PlantedBug;
  readonly pods: readonly PodParts[];
  call<T>(
    reply: Reply,
    command: (store: FleetStore, notAfter: number) => Promise<StoreAnswer<T>>,
  ): Promise<StoreAnswer<T>>;
}
