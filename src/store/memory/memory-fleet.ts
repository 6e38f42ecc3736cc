import type { AlertStore, FleetStore, LimitStore } from '../../ports/index.ts';
import { memberList } from '../format/index.ts';
import { createChannel, type Schedule } from './channel.ts';
import { memoryAlerts } from './memory-alerts.ts';
import { memoryLimits } from './memory-limits.ts';
import { memoryStore } from './memory-store.ts';
import { emptyState, putRecord, type FleetState } from './state.ts';

/** Names of a fleet's hashes, as in Redis. */
export type FleetKey = 'records' | 'leases' | 'pods' | 'holds' | 'budget' | 'history' | 'limits' | 'alerts';

export interface MemoryFleetOptions {
  /** The store's clock, microseconds; the only clock in this store. */
  readonly clockUs: () => number;
  /** Schedules the delivery of events; default `queueMicrotask`. */
  readonly schedule?: Schedule;
}

/** All data of a fleet at one moment. */
export interface MemorySnapshot {
  readonly state: Omit<FleetState, 'publish'>;
}

/** A store in one process: one state, any number of handles, and simulated faults. */
export interface MemoryFleet {
  /** Opens a pod's handle. Closing it ends its subscriptions and keeps the data. */
  open(): FleetStore;
  /** Opens a pod's handle on the limits of deployments. */
  openLimits(): LimitStore;
  /** Opens a pod's handle on the fleet's alerts. */
  openAlerts(): AlertStore;
  /** Loses all data, as `FLUSHALL` or a restart without persistence does. Subscriptions stay. */
  flush(): void;
  snapshot(): MemorySnapshot;
  /** Restores a snapshot, as a failover that loses the last writes does. */
  restore(snapshot: MemorySnapshot): void;
  /** Writes any text into any field. */
  plant(key: FleetKey, field: string, text: string): void;
  /** Texts of a hash, reserved fields included. */
  texts(key: FleetKey): ReadonlyMap<string, string>;
  /** Sends every subscriber a message that does not parse. */
  publishGarbage(shown: string): void;
  /** Ends all subscriptions as a lost connection would. */
  dropSubscribers(why: string): void;
}

/**
 * Makes a fleet's store in this process, for tests, the simulator, and a fleet of pods in one process. It has the semantics
 * and texts of the Redis store, never waits, and reads no clock except `clockUs`.
 *
 * @example
 * const fleet = memoryFleet({ clockUs: () => Date.now() * 1000 });
 * const store = fleet.open();
 */
export function memoryFleet(options: MemoryFleetOptions): MemoryFleet {
  const channel = createChannel(options.schedule ?? queueMicrotask);
  const state = emptyState((event) => channel.publish(event));
  return {
    open: () => memoryStore({ state, channel, clockUs: options.clockUs }),
    openLimits: () => memoryLimits({ state, clockUs: options.clockUs }),
    openAlerts: () => memoryAlerts({ state, clockUs: options.clockUs }),
    flush: () => copyInto(state, emptyState(state.publish)),
    snapshot: () => {
      const copy = emptyState(state.publish);
      copyInto(copy, state);
      return { state: copy };
    },
    restore: (snapshot) => copyInto(state, snapshot.state),
    plant: (key, field, text) => {
      if (key !== 'records') state[key].set(field, text);
      else if (field.startsWith('!')) state.life.set(field, text);
      else putRecord(state, field, text);
    },
    texts: (key) => {
      if (key !== 'records') return new Map(state[key]);
      return new Map([...state.life, ...[...state.records].map(([target, entry]) => [target, entry.text] as const)]);
    },
    publishGarbage: (shown) => channel.publishGarbage(shown),
    dropSubscribers: (why) => channel.drop(why),
  };
}

function copyInto(to: FleetState, from: Omit<FleetState, 'publish' | 'roster'>): void {
  copyMap(to.records, from.records);
  copyMap(to.leases, from.leases);
  copyMap(to.pods, from.pods);
  copyMap(to.holds, from.holds);
  copyMap(to.budget, from.budget);
  copyMap(to.history, from.history);
  copyMap(to.limits, from.limits);
  copyMap(to.alerts, from.alerts);
  copyMap(to.life, from.life);
  to.roster = memberList();
}

function copyMap<V>(to: Map<string, V>, from: ReadonlyMap<string, V>): void {
  to.clear();
  for (const [key, value] of from) to.set(key, value);
}
