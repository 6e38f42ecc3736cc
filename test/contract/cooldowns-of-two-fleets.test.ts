import { setImmediate as turn } from 'node:timers/promises';
import type { Cluster, Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { CooldownKeeper, CooldownLines, poolsOf } from '../../src/bridge/index.ts';
import type { CooldownCandidate } from '../../src/bridge/index.ts';
import type { CooldownStore, RedisTarget } from '../../src/ports/index.ts';
import { openCooldownStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/until.ts';
import { quiet, realClock } from './redis-fleet.ts';
import { oneAndCluster } from './servers/one-and-cluster.ts';

/** Pools that both fleets have, each with two deployments. */
const POOLS = 40;
const ROUNDS = 3;

const servers = oneAndCluster();

interface Place {
  readonly connection: RedisTarget;
  readonly admin: Redis | Cluster;
}

const numbers = Array.from({ length: POOLS }, (_, i) => i);

/** A fleet that finds one deployment of each pool failing: `a<i>` or `b<i>`. */
async function fleetThatCools(side: 'a' | 'b', place: Place): Promise<CooldownKeeper> {
  const store = await opened(place.connection);
  const routed = numbers.flatMap((i) => ['a', 'b'].map((one) => ({ modelId: `${one}${i}`, group: `g${i}`, tags: [] })));
  const pools = poolsOf(routed, { fallbacks: new Map(), aliases: new Map(), tagFiltering: false });
  const candidates = numbers.map((i): CooldownCandidate => {
    return { modelId: `${side}${i}`, group: `g${i}`, reason: 'down', lastSuccessAt: 0, status: 500, why: 'down' };
  });
  return new CooldownKeeper({
    store,
    clock: realClock,
    lines: new CooldownLines(quiet, realClock),
    source: () => ({ modelIds: routed.map(({ modelId }) => modelId), pools, candidates: () => candidates }),
    mode: () => 'on',
    leads: () => true,
    nowSeconds: () => Date.now() / 1_000,
    found: () => undefined,
  });
}

async function opened(connection: RedisTarget): Promise<CooldownStore> {
  const parts = { commandTimeoutMs: 2_000, logger: quiet, clock: realClock, jitter: () => 0 };
  const store = openCooldownStore({ connection, namespace: null, ...parts });
  await until(async () => (await store.read(['any'])).kind === 'ok', { withinMs: 10_000, what: 'the connection' });
  return store;
}

interface Seen {
  /** Pools of which both deployments were cooled at once. */
  readonly both: ReadonlySet<number>;
  /** Pools with one cooled deployment at the end. */
  readonly one: number;
  readonly looks: number;
}

/** Time for a slow machine until each pool has a cooled deployment, ms. */
const SOON_MS = 15_000;

/** Reads all keys again and again, as LiteLLM's pods do each second, for a time and until each pool has a cooled deployment. */
async function watch({ admin: client }: Place, forMs: number): Promise<Seen> {
  const both = new Set<number>();
  const startedAt = performance.now();
  const passed = (ms: number): boolean => performance.now() - startedAt > ms;
  let [one, looks] = [0, 0];
  while (!passed(forMs) || (one < POOLS && !passed(SOON_MS))) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const cooled = await Promise.all(numbers.map(async (i) => await cooledOf(client, i)));
    cooled.forEach((count, i) => count === 2 && both.add(i));
    one = cooled.filter((count) => count === 1).length;
    looks += 1;
    // oxlint-disable-next-line no-await-in-loop -- the fleets get their turn
    await turn();
  }
  return { both, one, looks };
}

/** An announcement, which LiteLLM takes for over, is not counted. */
async function cooledOf(client: Redis | Cluster, i: number): Promise<number> {
  const texts = await Promise.all(['a', 'b'].map(async (side) => await client.get(`deployment:${side}${i}:cooldown`)));
  return texts.filter((text) => text !== null && !text.includes('"timestamp": 0,')).length;
}

async function round(place: Place): Promise<Seen> {
  await Promise.all(numbers.map(async (i) => await clear(place.admin, i)));
  const fleets = await Promise.all([fleetThatCools('a', place), fleetThatCools('b', place)]);
  for (const fleet of fleets) fleet.start();
  try {
    return await watch(place, 2_200);
  } finally {
    await Promise.all(fleets.map(async (fleet) => await fleet.stop()));
  }
}

async function clear(client: Redis | Cluster, i: number): Promise<void> {
  await Promise.all(['a', 'b'].map(async (side) => await client.del(`deployment:${side}${i}:cooldown`)));
}

function describeTwoFleets(name: string, place: () => Place): void {
  describe(`two fleets that start at once on one ${name}`, () => {
    it('never cool both deployments of a pool, and soon cool one', { timeout: 90_000 }, async () => {
      for (let i = 0; i < ROUNDS; i++) {
        // oxlint-disable-next-line no-await-in-loop -- one round after the other
        const { both, one, looks } = await round(place());
        expect({ both: [...both], one }).toEqual({ both: [], one: POOLS });
        expect(looks).toBeGreaterThan(50);
      }
    });
  });
}

describeTwoFleets('redis', () => ({
  connection: { kind: 'single', host: servers.one.host, port: servers.one.port },
  admin: servers.admin,
}));
describeTwoFleets('redis cluster', () => ({ connection: servers.cluster.connection, admin: servers.cluster.admin }));
