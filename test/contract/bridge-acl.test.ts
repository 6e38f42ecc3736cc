import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  aclRules,
  bridgeAclRules,
  cooldownAclRules,
  openCooldownStore,
  openRedisStore,
  routerAclRules,
} from '../../src/store/redis/index.ts';
import type { CooldownStore } from '../../src/ports/index.ts';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { until } from '../../src/testing/until.ts';
import { afterThisTest } from './bridge-store.ts';
import { newFleetName, quiet, realClock } from './redis-fleet.ts';

// A user with the documented rights of a bridge, and with each of them taken away.

const LATER = 8_000_000_000_000_000;

let server: RedisServer;
let admin: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
});

afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

it('the documented rights of a bridge are sufficient, and each is necessary', async () => {
  expect(await refusalsWith(bridgeAclRules('team').split(' '))).toEqual([]);
  for (const right of bridgeAclRules('team').split(' ')) {
    const rest = bridgeAclRules('team')
      .split(' ')
      .filter((one) => one !== right);
    // oxlint-disable-next-line no-await-in-loop -- one user after the other
    const refusals = await refusalsWith(rest);
    expect(refusals, right).not.toEqual([]);
    // Those of a bridge, not those of the fleet.
    for (const refusal of refusals.filter((text) => text.includes('NOPERM'))) {
      expect(refusal).toContain(`ACL SETUSER <user> ${bridgeAclRules('team')})`);
      expect(refusal.split(' (Redis at ')[0]).toContain(right.startsWith('~') ? right.slice(1) : '');
    }
  }
});

it('the documented rights for cooldowns are sufficient, and each is necessary', async () => {
  const rights = cooldownAclRules('team').split(' ');
  expect(await cooldownRefusalsWith(rights)).toEqual([]);
  for (const right of rights) {
    // oxlint-disable-next-line no-await-in-loop -- one user after the other
    expect(await cooldownRefusalsWith(rights.filter((one) => one !== right)), right).not.toEqual([]);
  }
});

/** A connection of a single server works without these. */
const CONNECTION_RIGHTS = /^(?:reset|-@all|\+(?:ping|select|info|cluster|eval$))/;

it("the documented rights on a Redis of the Router's own are sufficient, and each is necessary", async () => {
  const rights = routerAclRules('team').split(' ');
  expect(await routerRefusalsWith(rights)).toEqual([]);
  for (const right of rights.filter((one) => !CONNECTION_RIGHTS.test(one))) {
    // oxlint-disable-next-line no-await-in-loop -- one user after the other
    expect(await routerRefusalsWith(rights.filter((one) => one !== right)), right).not.toEqual([]);
  }
});

it("the documented rights on a Redis of the Router's own reach no other key", async () => {
  await admin.call('ACL', 'SETUSER', 'router-only', 'reset', 'on', '>pw', ...routerAclRules(null).split(' '));
  const redis = new Redis(server.port, server.host, { username: 'router-only', password: 'pw' });
  afterThisTest(async () => await redis.quit());
  await expect(redis.set('team:deployment:a:cooldown', 'x')).rejects.toThrow('NOPERM');
  await expect(redis.get('health_check_results')).rejects.toThrow('NOPERM');
  await expect(redis.keys('*')).rejects.toThrow('NOPERM');
  await expect(redis.set('deployment:a:cooldown', 'x', 'PX', 1)).resolves.toBe('OK');
});

async function routerRefusalsWith(rights: readonly string[]): Promise<readonly string[]> {
  const user = newFleetName();
  await admin.call('ACL', 'SETUSER', user, 'on', '>pw', ...rights);
  const connection = { kind: 'single', host: server.host, port: server.port, username: user, password: 'pw' } as const;
  const times = { commandTimeoutMs: 2_000, jitter: () => 0 };
  const cooldowns = openCooldownStore({ connection, namespace: 'team', clock: realClock, logger: quiet, ...times });
  afterThisTest(async () => await cooldowns.close());
  const connected = async (): Promise<boolean> => {
    const answer = await cooldowns.read(['a']);
    return answer.kind === 'ok' || answer.loss.code !== 'disconnected';
  };
  await until(connected, { withinMs: 10_000, what: 'a connection' });
  return await cooldownRefusals(cooldowns);
}

/** What a bridge with these rights for cooldowns is refused. */
async function cooldownRefusalsWith(rights: readonly string[]): Promise<readonly string[]> {
  const fleet = newFleetName();
  // The bridge has some of these rights for its own keys, which may be on another server.
  const others = [
    ...aclRules(fleet).split(' '),
    ...bridgeAclRules('team')
      .split(' ')
      .filter((one) => one !== '+pttl'),
  ];
  await admin.call('ACL', 'SETUSER', fleet, 'on', '>pw', ...others, ...rights);
  const connection = { kind: 'single', host: server.host, port: server.port, username: fleet, password: 'pw' } as const;
  const store = openRedisStore({ fleet, connection, clock: realClock, logger: quiet, commandTimeoutMs: 2_000 });
  afterThisTest(async () => await store.close());
  await until(async () => (await store.time()).kind === 'ok', { withinMs: 10_000, what: 'the store to connect' });
  return await cooldownRefusals(store.cooldowns('team'));
}

async function cooldownRefusals(cooldowns: CooldownStore): Promise<readonly string[]> {
  await admin.del('team:deployment:a:cooldown', 'deployment:a:cooldown');
  const cooldown = { status: 503, reason: 'down', atSeconds: 1, seconds: 3 };
  const answers = [
    await cooldowns.read(['a']),
    await cooldowns.write({ cooldowns: new Map([['a', cooldown]]), lifeMs: 3_000 }),
    await cooldowns.write({ cooldowns: new Map([['a', cooldown]]), lifeMs: 3_000 }),
    await cooldowns.write({ cooldowns: new Map([['a', null]]), lifeMs: 3_000 }),
  ];
  return answers.flatMap((answer) => (answer.kind === 'lost' ? [answer.loss.message] : []));
}

/** What a bridge with these rights is refused. */
async function refusalsWith(rights: readonly string[]): Promise<readonly string[]> {
  const fleet = newFleetName();
  await admin.call('ACL', 'SETUSER', fleet, 'on', '>pw', ...aclRules(fleet).split(' '), ...rights);
  await admin.del('team:health_check_results', 'team:health_check_lock', 'allswell:bridge:{team:health_check_results}');
  await admin.set('team:health_check_lock', '"pod_1795345939105"');
  const connection = { kind: 'single', host: server.host, port: server.port, username: fleet, password: 'pw' } as const;
  const store = openRedisStore({ fleet, connection, clock: realClock, logger: quiet, commandTimeoutMs: 2_000 });
  afterThisTest(async () => await store.close());
  await until(async () => (await store.time()).kind === 'ok', { withinMs: 10_000, what: 'the store to connect' });
  const bridge = store.bridge('team');
  const lead = async () => await bridge.lead({ pod: 'a', ttlMs: 8_000, notAfter: LATER });
  const answers = [
    await lead(),
    await lead(),
    await bridge.publish({ pod: 'a', text: 'x', lifeMs: 10_000, notAfter: LATER }),
    await bridge.readResults(null),
    await bridge.readAccess(),
    await bridge.retract({ pod: 'a', fingerprint: '1-x', notAfter: LATER }),
    await bridge.readText(1_000),
    await bridge.resign({ pod: 'a', notAfter: LATER }),
  ];
  const [, , , seen, access] = answers;
  const blind =
    seen?.kind === 'ok' && 'lockOwner' in Object(seen.value) && !JSON.stringify(seen.value).includes('pod_');
  return [
    ...answers.flatMap((answer) => (answer.kind === 'lost' ? [answer.loss.message] : [])),
    ...(blind ? ['the lock was not seen'] : []),
    ...(access?.kind === 'ok' && JSON.stringify(access.value).includes('"idleMs":null') ? ['reads are not seen'] : []),
  ];
}
