import { Redis } from 'ioredis';
import { startRedisServer, until } from '../../../src/testing/index.ts';
import type { RedisServer } from '../../../src/testing/index.ts';
import { KEYS } from '../../fleet/harness/index.ts';
import { inStep, isPrimary } from './replication.ts';
import { flushed } from './single.ts';
import type { StoreFault, TestStore } from './store.ts';
import { openTcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';

const SLOTS = 16_384;
/** The first three share the slots; the fourth is a replica of the one that holds the fleet's keys. */
const NODES = ['first', 'second', 'third', 'replica'];
/** Redis' rule for the port of a cluster's bus. */
const BUS = 10_000;

/** A node and its proxied port for the other nodes and pods. Cutting it stops replication; the bus continues. */
interface Node {
  readonly name: string;
  /** As the cluster names it. */
  readonly id: string;
  readonly server: RedisServer;
  readonly front: TcpProxy;
}

export async function startClusterStore(): Promise<TestStore> {
  const nodes = await Promise.all(NODES.map(startNode));
  const primaries = nodes.slice(0, 3);
  const spare = nodes[3]!;
  await Promise.all(
    primaries.map(({ server }, i) =>
      call(server, 'ADDSLOTSRANGE', Math.ceil((i * SLOTS) / 3), Math.ceil(((i + 1) * SLOTS) / 3) - 1),
    ),
  );
  const [meeting] = nodes as [Node];
  await Promise.all(
    nodes.slice(1).map(({ server }) => {
      return call(server, 'MEET', '127.0.0.1', meeting.front.port, meeting.server.port + BUS);
    }),
  );
  await Promise.all(nodes.map(({ server }) => until(() => knowsAll(server), { withinMs: 30_000, what: 'four nodes' })));
  const slot = Number(await call(meeting.server, 'KEYSLOT', KEYS.records));
  const owner = primaries[Math.floor((slot * 3) / SLOTS)]!;
  await until(() => call(spare.server, 'REPLICATE', String(owner.id)), { withinMs: 10_000, what: 'a replica' });
  await inStep(spare.server);
  const pair = [owner, spare];
  return {
    cacheParams: {
      type: 'redis',
      redis_startup_nodes: nodes.map(({ front }) => ({ host: '127.0.0.1', port: front.port })),
    },
    addresses: nodes.map(({ front, server }) => ({ announced: front.port, real: server.port })),
    servers: pair.map(({ name, server }) => ({ name, server })),
    channel: 'sharded',
    faults: [failover(pair), failover(pair), flushed(async () => (await primaryOf(pair)).server)],
    stop: async () => {
      await Promise.all(nodes.map(({ server, front }) => Promise.all([server.stop(), front.close()])));
    },
  };
}

async function startNode(name: string): Promise<Node> {
  let port = 0;
  const front = await openTcpProxy(() => port);
  const args = [
    '--cluster-enabled',
    'yes',
    '--cluster-node-timeout',
    '1000',
    '--cluster-announce-ip',
    '127.0.0.1',
    '--cluster-announce-port',
    String(front.port),
    '--repl-diskless-sync',
    'yes',
    '--repl-diskless-sync-delay',
    '0',
  ];
  const server = await startRedisServer({ args });
  port = server.port;
  return { name, server, front, id: String(await call(server, 'MYID')) };
}

/**
 * The owner of the keys is parted from its replica, writes on, and dies: the others elect the replica, which
 * lacks those writes. At the end it comes back, empty, as a replica of the new owner.
 */
function failover(pair: readonly Node[]): StoreFault {
  let old: Node | undefined;
  return {
    fault: 'failover',
    begin: async () => {
      old = await primaryOf(pair);
      const other = pair.find((node) => node !== old)!;
      const before = await writesOf(old.server);
      await old.front.cut('refuse');
      const wrote = async (): Promise<boolean> => (await writesOf(old!.server)) > before + 2;
      await until(wrote, { withinMs: 10_000, what: 'writes that are not replicated', everyMs: 100 });
      await old.server.kill();
      await until(() => isPrimary(other.server), { withinMs: 20_000, what: 'the failover', everyMs: 50 });
      return { on: old.name };
    },
    end: async () => {
      await old?.front.heal();
      await old?.server.restart();
      await inStep(old!.server);
    },
  };
}

/** The number of commits in the fleet's records. */
async function writesOf(server: RedisServer): Promise<number> {
  const redis = new Redis(server.url);
  const seq = await redis.hget(KEYS.records, '!seq');
  redis.disconnect();
  return Number(seq);
}

async function primaryOf(pair: readonly Node[]): Promise<Node> {
  for (const node of pair) if (await isPrimary(node.server)) return node;
  throw new Error('no node owns the keys');
}

async function knowsAll(server: RedisServer): Promise<boolean> {
  const info = String(await call(server, 'INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${NODES.length}`);
}

async function call(server: RedisServer, ...args: (string | number)[]): Promise<unknown> {
  const redis = new Redis(server.url);
  try {
    return await redis.call('CLUSTER', ...args);
  } finally {
    redis.disconnect();
  }
}
