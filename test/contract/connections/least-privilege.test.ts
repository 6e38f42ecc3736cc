import { describe, expect, it } from 'vitest';
import type { RedisTarget, StoreLoss } from '../../../src/ports/index.ts';
import { aclRules } from '../../../src/store/redis/index.ts';
import type { RedisServer } from '../../../src/testing/redis-server/index.ts';
import { until } from '../../../src/testing/until.ts';
import { beat, claimInput, commitRequest, FOREVER, request } from '../fleet-store/under-test.ts';
import { startCluster } from '../servers/cluster.ts';
import { adminOf, answering, FLEET, newLog, onEnd, openStore, problemIn, serverFor, targetOf } from './support.ts';

const rules = aclRules(FLEET).split(' ');
const commands = rules.filter((rule) => rule.startsWith('+')).map((rule) => rule.slice(1));
/** Needed in a cluster only. */
const clusterOnly = ['cluster|slots', 'spublish', 'ssubscribe'];

describe('the documented permissions', () => {
  it('are sufficient for every command, on one server and in a cluster', async () => {
    const server = await serverFor();
    await allow([server]);
    expect(await exercise(server, { ...targetOf(server), ...login, db: 1 })).toEqual([]);
    const cluster = await startCluster();
    onEnd(() => cluster.stop());
    await allow(cluster.servers);
    const owner = await ownerIn(cluster.servers);
    expect(await exercise(owner, { ...cluster.connection, ...login })).toEqual([]);
  }, 60_000);

  it('are all necessary, and a missing one is named', async () => {
    const server = await serverFor();
    const target = { ...targetOf(server), ...login, db: 1 };
    const needed = commands.filter((command) => command !== 'info' && !clusterOnly.includes(command));
    expect(needed.length).toBeGreaterThan(15);
    for (const command of needed) {
      await allow([server], `-${command}`);
      const losses = await exercise(server, target);
      expect(losses.map(({ message }) => message).join('\n'), command).toContain(`'${command}' command`);
      expect(new Set(losses.map(({ code }) => code)), command).toEqual(new Set(['no-permission']));
    }
  }, 60_000);

  it('are all necessary in a cluster, and a missing one is named', async () => {
    const cluster = await startCluster();
    onEnd(() => cluster.stop());
    const owner = await ownerIn(cluster.servers);
    for (const command of clusterOnly) {
      await allow(cluster.servers, `-${command}`);
      const losses = await exercise(owner, { ...cluster.connection, ...login });
      expect(losses.map(({ message }) => message).join('\n'), command).toContain(`'${command}' command`);
    }
  }, 60_000);

  it('cover the channel and the keys of one fleet; without the channel writes fail, too', async () => {
    const server = await serverFor();
    await allow([server], 'resetchannels');
    const losses = await exercise(server, { ...targetOf(server), ...login });
    const said = losses.map(({ message }) => message);
    expect(said.join('\n')).toContain(`or not on the channel allswell:{${FLEET}}:push`);
    expect(said.join('\n')).toMatch(/channel.* used as arguments|access a channel/);
    const grant = `grant what its user lacks: ACL SETUSER <user> ~allswell:{${FLEET}}:* &allswell:{${FLEET}}:push +ping `;
    expect(said.every((message) => message.includes(grant))).toBe(true);
  });

  it('work without INFO, with warnings', async () => {
    const server = await serverFor({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    await allow([server], '-info');
    const log = newLog();
    const store = openStore({ ...targetOf(server), ...login }, log.logger);
    await answering(store, 5_000);
    await until(() => log.of('debug Cannot read the maxmemory-policy of Redis').length === 1, {
      withinMs: 5_000,
      what: 'the line about it',
    });
    expect(log.of('warn ')).toEqual([]);
    expect(store.evictionPolicy()).toEqual({ kind: 'unknown' });
  });
});

const login = { username: 'pod', password: 'pw' };

/** Makes the documented user anew, less what is taken away. */
async function allow(servers: readonly RedisServer[], ...less: readonly string[]): Promise<void> {
  for (const server of servers) {
    const admin = adminOf(server);
    await admin.call('ACL', 'SETUSER', 'pod', 'reset', 'on', '>pw', ...rules, ...less);
    await admin.flushall();
    // The text of a script is sent only where the server does not know it.
    await admin.script('FLUSH');
  }
}

/** Sends every command once, as a pod would, and answers what was lost. */
async function exercise(server: RedisServer, connection: RedisTarget): Promise<StoreLoss[]> {
  const store = openStore(connection);
  const admin = adminOf(server);
  await admin.select('db' in connection ? (connection.db ?? 0) : 0);
  const losses: StoreLoss[] = [];
  const noted = <T extends { readonly kind: string; readonly loss?: StoreLoss }>(answer: T): T => {
    if (answer.loss !== undefined) losses.push(answer.loss);
    return answer;
  };
  const [pod, notAfter, { target }] = ['a', FOREVER, request()];
  const first = await Promise.race([answering(store, 5_000), problemIn(store, /NOPERM/)]);
  if (typeof first === 'object') return [first];

  const heard = noted(await store.subscribe({ event() {}, garbage() {}, dropped() {} }));
  if (heard.kind === 'subscribed') noted(await heard.subscription.ping());
  // A key of another type is removed before it is written.
  await admin.set(`allswell:{${FLEET}}:records`, 'of another type');
  const flood = Array.from({ length: 6_001 }, (_, i) => [`planted${i}`, '']);
  await admin.hset(`allswell:{${FLEET}}:pods`, Object.fromEntries(flood) as Record<string, string>);
  noted(await store.heartbeat(beat({ pod })));
  const claimed = noted(await store.claim(claimInput([request()])));
  const answer = claimed.kind === 'ok' ? claimed.value[0] : undefined;
  const leases = [{ target, grant: answer?.kind === 'granted' ? answer.grant : 1 }];
  noted(await store.renew({ pod, ttlMs: 1_000, notAfter, leases }));
  noted(await store.readLeases([target]));
  const point = { at: 1, pod, kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 1 } as const;
  noted(await store.commit({ pod, notAfter, newEpoch: 'e', commits: [commitRequest({ ...leases[0], point })] }));
  noted(await store.readRecords([target]));
  noted(await store.sample({ pod, notAfter }));
  noted(await store.sweep({ pod, notAfter, records: [{ target, version: 1 }] }));
  noted(await store.release({ pod, notAfter, leases }));
  noted(await store.readHolds(['*']));
  const fleet = { hour: 1, probes: 1, day: 1, nanoUsd: 1, epoch: null };
  noted(await store.restoreCounts({ notAfter, fleet, targets: [] }));
  noted(await store.readMoney([target]));
  noted(await store.writeTargets({ pod, notAfter, targetsHash: 'tp', piece: 0, pieces: 1, targets: [] }));
  noted(await store.readTargets('tp', 0));
  const pool = { deployment: 'd', kind: 'rpm', limit: 60, keeps: 0, used: 0, demand: 0, holdMs: 0 } as const;
  noted(await store.limits().lease({ pod, number: 1, ttlMs: 1_000, pods: 1, notAfter, pools: [pool] }));
  noted(await store.limits().giveBack({ pod, number: 2, notAfter, pools: [pool] }));
  noted(await store.leave({ pod, notAfter }));
  await store.close();
  return losses;
}

/** The node of the fleet's slot. */
async function ownerIn(servers: readonly RedisServer[]): Promise<RedisServer> {
  for (const server of servers) {
    const here = await adminOf(server)
      .exists(`allswell:{${FLEET}}:records`)
      .then(
        () => 'here',
        () => 'moved',
      );
    if (here === 'here') return server;
  }
  throw new Error('no node owns the slot');
}
