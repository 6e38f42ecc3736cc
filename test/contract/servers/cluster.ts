import { Cluster, Redis } from 'ioredis';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { startRedisServer, type RedisServer } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';

export interface TestCluster {
  readonly connection: RedisTarget;
  readonly admin: Cluster;
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

const LAST_SLOT = 16_383;

/** Three masters that share the slots, on the loopback address. */
export async function startCluster(login: { readonly password?: string } = {}): Promise<TestCluster> {
  const secret = login.password === undefined ? [] : ['--masterauth', login.password];
  const args = [
    ...secret,
    '--cluster-enabled',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
    '--cluster-node-timeout',
    '1000',
  ];
  const servers = await Promise.all([1, 2, 3].map(() => startRedisServer({ args, ...login })));
  const clients = servers.map((server) => new Redis(server.url));
  await Promise.all(
    clients.map((client, index) => {
      const from = Math.ceil((index * (LAST_SLOT + 1)) / 3);
      const upto = Math.ceil(((index + 1) * (LAST_SLOT + 1)) / 3) - 1;
      return client.cluster('ADDSLOTSRANGE', from, upto);
    }),
  );
  const [first] = servers as [RedisServer];
  await Promise.all(clients.map((client) => client.cluster('MEET', first.host, first.port)));
  await until(async () => (await Promise.all(clients.map(knowsAll))).every(Boolean), {
    withinMs: 20_000,
    what: 'three nodes that know each other',
  });
  for (const client of clients) client.disconnect();
  const nodes = servers.map(({ host, port }) => ({ host, port }));
  const admin = new Cluster(nodes, { redisOptions: login });
  return {
    // One node must be enough: the others are found through it.
    connection: { kind: 'cluster', nodes: nodes.slice(0, 1), ...login },
    admin,
    servers,
    stop: async () => {
      admin.disconnect();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

async function knowsAll(client: Redis): Promise<boolean> {
  const info = String(await client.cluster('INFO'));
  return info.includes('cluster_state:ok') && info.includes('cluster_size:3') && info.includes('cluster_known_nodes:3');
}
