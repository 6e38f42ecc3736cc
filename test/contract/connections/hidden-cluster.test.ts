import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { openRedisStore } from '../../../src/store/redis/index.ts';
import { startRedisServer } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';
import { listen, probed } from '../fleet-store/under-test.ts';
import { newFleetName, realClock } from '../redis-fleet.ts';
import { startCluster, type TestCluster } from '../servers/cluster.ts';
import { adminOf, answering, newLog, onEnd, serverFor, type Log } from './support.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(() => cluster.stop());

describe('a cluster behind a single host', () => {
  it('is detected by every pod on any node, and they share one channel', async () => {
    const fleet = newFleetName();
    const pods = cluster.servers.map(({ host, port }) => pod({ kind: 'single', host, port }, fleet));
    // One pod that was told: they must all mean the same channel.
    pods.push(pod(cluster.connection, fleet));
    for (const { store } of pods) await answering(store, 10_000);
    await until(() => pods.slice(0, 3).every(({ log }) => log.of('info ').length === 1), {
      withinMs: 5_000,
      what: 'one line in each pod that was told of a host only',
    });
    const heard = await Promise.all(pods.map(async ({ store }) => await hearing(store)));
    await answering(pods[0]!.store, 5_000);
    await probed(pods[0]!.store);
    await until(() => heard.every(({ events }) => events.some(({ kind }) => kind === 'commit')), {
      withinMs: 5_000,
      what: 'the commit in every pod',
    });
    expect(pods[0]!.log.of('info ')).toEqual([
      `info Redis at 127.0.0.1:${cluster.servers[0]!.port} is a cluster: connecting to it as with startup_nodes`,
    ]);
    expect(pods[3]!.log.of('info ')).toEqual([]);
  });

  it('has only one database, and a message says so', async () => {
    const { host, port } = cluster.servers[0]!;
    const { store, log } = pod({ kind: 'single', host, port, db: 2 }, newFleetName());
    await answering(store, 10_000);
    await until(() => log.of('warn ').length === 1, { withinMs: 5_000, what: 'the warning' });
    expect(log.of('warn ')).toEqual([
      `warn Redis at 127.0.0.1:${port} is a cluster and has no database 2: using database 0. To fix: remove db`,
    ]);
    await probed(store);
  });

  it('is detected without the right to INFO', async () => {
    const { host, port } = cluster.servers[0]!;
    await allow('terse', '-info', '-config');
    const { store, log } = pod({ kind: 'single', host, port, username: 'terse', password: 'pw' }, newFleetName());
    await until(() => log.of('info ').length === 1, { withinMs: 5_000, what: 'the line about the cluster' });
    await answering(store, 10_000);
    await probed(store);
  });

  it('is detected at the first redirection at the latest, which drops a subscription of the wrong kind', async () => {
    const { host, port } = cluster.servers[0]!;
    await allow('mute', '-info', '-config', '-cluster');
    const fleet = await fleetElsewhere();
    const { store, log } = pod({ kind: 'single', host, port, username: 'mute', password: 'pw' }, fleet);
    await until(() => log.of('debug Cannot read the maxmemory-policy').length === 1, {
      withinMs: 5_000,
      what: 'a silent server',
    });
    const deaf = await listen(store);
    expect(log.of('info ')).toEqual([]);
    await allow('mute', '+cluster');
    expect(await store.time()).toMatchObject({ kind: 'lost', loss: { code: 'cluster-down' } });
    expect(deaf.dropped).toEqual(['Redis moved to another address']);
    await answering(store, 10_000);
    const heard = await hearing(store);
    await probed(store);
    await until(() => heard.events.length >= 2, { withinMs: 5_000, what: 'events over the channel of a cluster' });
  });

  it('is detected when it replaces a single server later', async () => {
    const server = await serverFor();
    const { store, log } = pod({ kind: 'single', host: server.host, port: server.port }, newFleetName());
    await answering(store, 5_000);
    const heard = await listen(store);
    expect(log.of('info ')).toEqual([]);
    await server.kill();
    await until(() => heard.dropped.length === 1, { withinMs: 5_000, what: 'the subscription to be dropped' });
    const args = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
    const replacement = await startRedisServer({ port: server.port, args });
    onEnd(() => replacement.stop());
    const admin = new Redis(replacement.url);
    onEnd(() => admin.disconnect());
    await admin.cluster('ADDSLOTSRANGE', 0, 16_383);
    await until(() => log.of('info ').length === 1, { withinMs: 10_000, what: 'the line about the cluster' });
    await answering(store, 10_000);
    const again = await hearing(store);
    await probed(store);
    await until(() => again.events.length >= 2, { withinMs: 5_000, what: 'events over the channel of a cluster' });
  });
});

function pod(connection: RedisTarget, fleet: string): { store: ReturnType<typeof openRedisStore>; log: Log } {
  const log = newLog();
  const store = openRedisStore({ fleet, connection, clock: realClock, logger: log.logger, commandTimeoutMs: 2_000 });
  onEnd(() => store.close());
  return { store, log };
}

/** A user who may do all but what is taken away, on all nodes. */
async function allow(user: string, ...rules: readonly string[]): Promise<void> {
  for (const server of cluster.servers) {
    await adminOf(server).call('ACL', 'SETUSER', user, 'on', '>pw', '~*', '&*', '+@all', ...rules);
  }
}

/** A name whose slot is not on the first node. */
async function fleetElsewhere(): Promise<string> {
  const admin = adminOf(cluster.servers[0]!);
  for (;;) {
    const fleet = newFleetName();
    if (Number(await admin.cluster('KEYSLOT', `{${fleet}}`)) > 6_000) return fleet;
  }
}

/** Listens as a pod does: again until it works. */
async function hearing(store: ReturnType<typeof openRedisStore>): ReturnType<typeof listen> {
  return await until(async () => await listen(store), { withinMs: 5_000, what: 'a subscription' });
}
