import { expect } from 'vitest';
import { Replicator } from '../../src/fleet/replication/replicator.ts';
import { StoreCircuitBreaker } from '../../src/fleet/store/circuit-breaker.ts';
import { createStoreClock } from '../../src/fleet/store/store-clock.ts';
import type { ReplicaLag } from '../../src/fleet/replication/replica-lag.ts';
import { Replica } from '../../src/fleet/replication/replica.ts';
import type { FleetEvent, FleetMetrics, FleetStore, Random, StoreListener } from '../../src/ports/index.ts';
import { factsOf, fleetTarget, noMetrics, okProbe, storeWith } from './fleet-parts.ts';
import type { TestWorld } from './fleet-parts.ts';

/** A replicator without a fleet, and its recorded actions. */
export interface Replicating {
  readonly replicator: Replicator;
  readonly circuit: StoreCircuitBreaker;
  readonly replica: Replica;
  readonly applied: FleetEvent[];
  readonly synced: boolean[];
  /** Reason and time of each resync. */
  readonly read: { readonly why: string; readonly atMs: number }[];
}

export interface ReplicationWorld extends TestWorld {
  /** How many pods the fleet has. */
  pods?: number;
  random?: Random;
  /** Measures the lag of the replica. */
  lag?: ReplicaLag;
}

export function replicating(
  world: ReplicationWorld,
  store: FleetStore = world.memory.open(),
  ids: readonly string[] = ['aa', 'bb', 'cc', 'dd'],
): Replicating {
  const read: Replicating['read'] = [];
  const metrics: FleetMetrics = {
    ...noMetrics,
    resynced: (why) => read.push({ why, atMs: world.clock.monotonicMs() }),
  };
  const targets = ids.map((id) => fleetTarget({ id }));
  const options = world.options({
    store,
    metrics,
    targets,
    ...(world.random === undefined ? {} : { random: world.random }),
  });
  const replica = new Replica();
  const applied: FleetEvent[] = [];
  const synced: boolean[] = [];
  const circuit: StoreCircuitBreaker = new StoreCircuitBreaker(
    options,
    createStoreClock(world.clock),
    () => replica.appliedSeq,
    {
      answered: (meta, seqWhenSent) => replicator.answered(meta, seqWhenSent),
      clockJumped: () => undefined,
      unreachable: () => replicator.storeUnreachable(),
      reachable: () => replicator.storeReachable(),
      testCommand: (handle: FleetStore) => handle.time(),
    },
  );
  const replicator: Replicator = new Replicator(options, circuit, replica, {
    applied: (event) => applied.push(event),
    synced: (after) => synced.push(after === 'data-loss'),
    pods: () => world.pods ?? 0,
    ...(world.lag !== undefined && { lag: world.lag }),
  });
  return { replicator, circuit, replica, applied, synced, read };
}

/** Another pod commits one more successful probe of `target`. */
export async function commit(world: TestWorld, target = 'aa'): Promise<void> {
  world.clock.advance(1);
  const store = world.memory.open();
  const now = world.storeNow();
  const page = await store.readRecords([target]);
  const known = page.kind === 'ok' ? page.value[0]?.stored : undefined;
  const answer = await store.commit({
    pod: 'pod_b',
    notAfter: now,
    newEpoch: `epoch${now}`,
    commits: [
      {
        target,
        expectedVersion: known?.kind === 'record' ? known.record.version : 0,
        evidenceAt: now,
        nextDueAt: now + 10_000_000,
        facts: factsOf(okProbe(now, { pod: 'pod_b' })),
      },
    ],
  });
  expect(answer).toMatchObject({ kind: 'ok', value: [{ kind: 'ok' }] });
}

export function storeVersion(world: TestWorld, target = 'aa'): number {
  return Number(world.memory.texts('records').get(target)?.split(' ')[0] ?? 0);
}

/** A store whose channel delivers only the events that `hears` accepts. */
export function withFilteredChannel(
  { memory }: TestWorld,
  hears: (event: FleetEvent, deliver: () => void) => boolean,
): FleetStore {
  const inner = memory.open();
  return storeWith(inner, {
    subscribe: (listener: StoreListener) =>
      inner.subscribe({
        event: (event) => hears(event, () => listener.event(event)) && listener.event(event),
        garbage: (shown) => listener.garbage(shown),
        wants: (kind, name) => listener.wants?.(kind, name) ?? true,
        dropped: (why) => listener.dropped(why),
      }),
  });
}
