import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../../src/ports/index.ts';
import { aclRules } from '../../../src/store/redis/index.ts';
import type { RedisServer } from '../../../src/testing/redis-server/index.ts';
import { listen, probed } from '../fleet-store/under-test.ts';
import { adminOf, answering, FLEET, onEnd, openStore, problemOf, serverFor, targetOf } from './support.ts';

const RECORDS = `allswell:{${FLEET}}:records`;

describe('a login', () => {
  it('can be a password; a wrong or missing one is reported with address and setting', async () => {
    const server = await serverFor({ password: 'p@ss word' });
    await works({ ...targetOf(server), password: 'p@ss word' });
    const wrong = await problemOf({ ...targetOf(server), password: 'guess-1234' }, /WRONGPASS/);
    expect(wrong.code).toBe('no-permission');
    expect(wrong.message).toContain(`(Redis at 127.0.0.1:${server.port}; check username and password)`);
    expect(wrong.message).not.toContain('guess-1234');
    const missing = await problemOf(targetOf(server), /NOAUTH/);
    expect(missing.message).toContain('the server requires authentication: set password');
  });

  it('can have user, password and database, as settings or in a URL', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    await admin.call('ACL', 'SETUSER', 'me', 'on', '>p@ss/word%', ...aclRules(FLEET).split(' '));
    const login = { username: 'me', password: 'p@ss/word%', db: 3 };
    await works({ ...targetOf(server), ...login });
    expect(await holds(server)).toEqual([3]);
    await admin.flushall();
    await works({ kind: 'url', url: `redis://me:${encodeURIComponent(login.password)}@127.0.0.1:${server.port}/3` });
    expect(await holds(server)).toEqual([3]);
    await admin.flushall();
    const nobody = `redis://:${encodeURIComponent(login.password)}@127.0.0.1:${server.port}/3`;
    await works({ kind: 'url', url: nobody, username: 'me' });
    expect(await holds(server)).toEqual([3]);
    await admin.flushall();
    await works({ kind: 'url', url: `redis://127.0.0.1:${server.port}?db=5` });
    expect(await holds(server)).toEqual([5]);
  });

  it('fails if the database is refused, instead of using another one', async () => {
    const server = await serverFor({ args: ['--databases', '4'] });
    const away = await problemOf({ ...targetOf(server), db: 9 }, /out of range/);
    expect(away.message).toContain('the server has no database of this number: check db');
    const admin = adminOf(server);
    await admin.call('ACL', 'SETUSER', 'me', 'on', '>pw', ...aclRules(FLEET).split(' '), '-select');
    const barred = await problemOf({ ...targetOf(server), username: 'me', password: 'pw', db: 1 }, /select/);
    expect(barred).toMatchObject({ code: 'no-permission' });
    expect(await admin.dbsize()).toBe(0);
  });
});

describe('an address', () => {
  it('that refuses connections or does not resolve is reported with what to check', async () => {
    const refused = await problemOf({ kind: 'single', host: '127.0.0.1', port: 1 }, /ECONNREFUSED/);
    expect(refused).toEqual({
      code: 'disconnected',
      message:
        'connect ECONNREFUSED 127.0.0.1:1 (Redis at 127.0.0.1:1; nothing listens on this address: check host and port)',
    });
    // Both of its addresses refuse, which the system tells as one error without words.
    const both = await problemOf({ kind: 'single', host: 'localhost', port: 1 }, /ECONNREFUSED/);
    expect(both.message).toContain('Redis at localhost:1; nothing listens on this address');
    const unknown = await problemOf({ kind: 'single', host: 'redis.invalid', port: 6379 }, /ENOTFOUND|EAI_AGAIN/);
    expect(unknown.message).toContain('this pod cannot resolve the host name: check host and DNS');
  });

  it('of a proxy without a Redis behind it is reported with both possible causes', async () => {
    const proxy = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onEnd(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const problem = await problemOf({ kind: 'single', host: '127.0.0.1', port }, /before Redis sent an answer/);
    expect(problem.message).toContain(
      'a connection was opened and closed without an answer: Redis is down behind a proxy or load balancer, or the port expects TLS (ssl: true)',
    );
  });
});

async function works(connection: RedisTarget): Promise<void> {
  const store = openStore(connection);
  await answering(store, 5_000);
  const heard = await listen(store);
  await probed(store);
  expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
  await store.close();
}

/** Numbers of the databases that hold the fleet's records. */
async function holds(server: RedisServer): Promise<number[]> {
  const admin = adminOf(server);
  const found: number[] = [];
  for (let db = 0; db < 16; db++) {
    await admin.select(db);
    if ((await admin.exists(RECORDS)) === 1) found.push(db);
  }
  return found;
}
