import { describe, expect, it } from 'vitest';
import type { StoreLoss } from '../../src/ports/index.ts';
import { aclRules } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/until.ts';
import { claimInput, commitRequest, FOREVER, grantOf, probed, request } from '../contract/fleet-store/under-test.ts';
import {
  adminOf,
  answering,
  FLEET,
  KEYS,
  lossOf,
  openConnected,
  openStore,
  serverFor,
  targetOf,
} from './store-support.ts';

describe('a store that answers with an error', () => {
  it('says out-of-memory, changes nothing, and goes on when there is room again', async () => {
    const server = await serverFor({ args: ['--maxmemory-policy', 'noeviction'] });
    const admin = adminOf(server);
    const store = await openConnected(server);
    const grant = await grantOf(store);
    await admin.config('SET', 'maxmemory', '1');
    const commits = [commitRequest({ grant })];
    const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits };
    expect(lossOf(await store.commit(input))).toMatchObject({ code: 'out-of-memory' });
    expect(lossOf(await store.claim(claimInput([request({ target: 'other' })])))).toMatchObject({
      code: 'out-of-memory',
    });
    expect(await admin.exists(KEYS.records)).toBe(0);
    expect(await admin.hlen(KEYS.leases)).toBe(1);
    await admin.config('SET', 'maxmemory', '0');
    expect(await store.commit(input)).toMatchObject({ kind: 'ok', value: [{ kind: 'ok' }] });
  });

  it('says read-only on a replica', async () => {
    const master = await serverFor();
    const replica = await serverFor();
    const admin = adminOf(replica);
    await admin.replicaof(master.host, master.port);
    await until(async () => (await admin.info('replication')).includes('master_link_status:up'), {
      withinMs: 10_000,
      what: 'the replica to be in step',
    });
    const store = await openConnected(replica);
    expect(lossOf(await store.claim(claimInput([request()])))).toMatchObject({ code: 'read-only' });
    await admin.replicaof('NO', 'ONE');
    await answering(store, 3_000);
    expect(await store.claim(claimInput([request()]))).toMatchObject({ kind: 'ok' });
  });

  it('says read-only on a master that its replicas cannot reach, where Redis is configured to require one', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    const grant = await grantOf(store);
    await admin.config('SET', 'min-replicas-to-write', '1');
    const commits = [commitRequest({ grant })];
    const commit = await store.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits });
    expect(lossOf(commit)).toMatchObject({ code: 'read-only' });
    expect(lossOf(await store.claim(claimInput([request({ target: 'other' })])))).toMatchObject({ code: 'read-only' });
    expect(await admin.exists(KEYS.records)).toBe(0);
    expect(await admin.hlen(KEYS.leases)).toBe(1);
    await admin.config('SET', 'min-replicas-to-write', '0');
    await answering(store, 3_000);
    expect(await store.claim(claimInput([request({ target: 'other' })]))).toMatchObject({ kind: 'ok' });
  });

  it('says loading while the server reads its data from disk', async () => {
    const server = await serverFor({ args: ['--enable-debug-command', 'yes'] });
    const admin = adminOf(server);
    const store = await openConnected(server);
    await probed(store);
    const filling = admin.pipeline();
    for (let index = 0; index < 3_000; index++) filling.set(`filler:${index}`, 'x'.repeat(100));
    await filling.exec();
    await admin.config('SET', 'loading-process-events-interval-bytes', '1024');
    await admin.config('SET', 'key-load-delay', '300');
    const reload = admin.call('DEBUG', 'RELOAD').catch(() => undefined);
    const seen = await until(
      async () => {
        const answer = await store.claim(claimInput([request()]));
        return answer.kind === 'lost' && answer.loss.code === 'loading' ? answer.loss : undefined;
      },
      { withinMs: 10_000, what: 'a loading answer', everyMs: 1 },
    );
    expect(seen.message).toContain('LOADING');
    await reload;
    await answering(store, 5_000);
    expect(await store.readRecords([request().target])).toMatchObject({
      kind: 'ok',
      value: [{ stored: { kind: 'record' } }],
    });
  });

  it('says no-permission to a user who may not do it, and to a wrong password', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    await admin.call('ACL', 'SETUSER', 'half', 'on', '>pw', ...aclRules(FLEET).split(' '), '-hset');
    await admin.call('ACL', 'SETUSER', 'deaf', 'on', '>pw', ...aclRules(FLEET).split(' '), 'resetchannels');
    const half = openStore({ ...targetOf(server), username: 'half', password: 'pw' });
    await answering(half, 5_000);
    expect(lossOf(await half.claim(claimInput([request()])))).toMatchObject({ code: 'no-permission' });
    const deaf = openStore({ ...targetOf(server), username: 'deaf', password: 'pw' });
    await answering(deaf, 5_000);
    expect(await deaf.subscribe({ event() {}, garbage() {}, dropped() {} })).toMatchObject({
      kind: 'lost',
      loss: { code: 'no-permission' },
    });
    const wrong = openStore({ ...targetOf(server), username: 'half', password: 'another' });
    const loss = await until(() => lossWithCode(wrong.time(), 'no-permission'), {
      withinMs: 5_000,
      what: 'the reason why there is no connection',
    });
    expect(loss.message).toContain('WRONGPASS');
  });

  it('names neither a password nor what is in a record, whatever goes wrong', async () => {
    const secret = 'sk-very-secret-1234567890';
    const said: string[] = [];
    const keep = (message: string, fields?: object): void => void said.push(message, JSON.stringify(fields ?? {}));
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    // A server that does not know a command repeats its arguments.
    const server = await serverFor({ password: secret, args: ['--rename-command', 'EVALSHA', ''] });
    const store = openStore({ ...targetOf(server), password: secret }, logger);
    const commits = [commitRequest({ facts: { ...commitRequest().facts, hidden: secret } as never })];
    const losses: StoreLoss[] = [];
    losses.push(
      await until(
        () => lossWithCode(store.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }), 'error'),
        { withinMs: 5_000, what: 'the server to refuse the command' },
      ),
    );
    const wrong = openStore({ ...targetOf(server), password: `${secret}x` }, logger);
    losses.push(
      await until(() => lossWithCode(wrong.time(), 'no-permission'), { withinMs: 5_000, what: 'a refused password' }),
    );
    const away = openStore({ kind: 'url', url: `redis://user:${secret}@127.0.0.1:1/0` }, logger);
    losses.push(await until(() => lossWithCode(away.time(), 'disconnected'), { withinMs: 5_000, what: 'a refusal' }));
    expect(() => openStore({ kind: 'url', url: `not a url ${secret}` }, logger)).toThrow(
      'the Redis URL cannot be read',
    );
    expect(losses.map(({ message }) => message).join('\n') + said.join('\n')).not.toContain('sk-very');
    expect(losses.every(({ message }) => message.length > 5 && !message.includes('\n'))).toBe(true);
  });

  it('warns of a server that may evict our data, and of no other', async () => {
    const warned: string[] = [];
    const logger = { debug() {}, info() {}, error() {}, warn: (message: string) => void warned.push(message) };
    const safe = openStore(targetOf(await serverFor()), logger);
    await answering(safe, 5_000);
    expect(safe.evictionPolicy()).toEqual({ kind: 'known', policy: 'noeviction', mayEvict: 'no' });
    const evicting = await serverFor({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    const store = openStore(targetOf(evicting), logger);
    await until(() => warned.length === 1, { withinMs: 5_000, what: 'the warning' });
    expect(warned[0]).toContain('allkeys-lru');
    expect(store.evictionPolicy()).toEqual({ kind: 'known', policy: 'allkeys-lru', mayEvict: 'yes' });
  });
});

async function lossWithCode(
  answer: Promise<{ kind: string; loss?: StoreLoss }>,
  code: StoreLoss['code'],
): Promise<StoreLoss | undefined> {
  const { loss } = await answer;
  return loss?.code === code ? loss : undefined;
}
