import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/until.ts';
import {
  claim,
  claimInput,
  commit,
  FOREVER,
  grantOf,
  listen,
  metaOf,
  nowOf,
  ok,
  probed,
  request,
  T1,
} from '../contract/fleet-store/under-test.ts';
import { adminOf, answering, KEYS, openConnected, openStore, serverFor, targetOf } from './store-support.ts';

const place = { host: 'h', domain: 'd', blind: [], unreached: [] };
const info = { version: '1', policyHash: 'pp', targetsHash: 'tp', startedAt: 1, impaired: false, ...place };

describe('a store whose data or connections are damaged', () => {
  it('goes on after SCRIPT FLUSH without anybody noticing', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    const version = await probed(store);
    await adminOf(server).script('FLUSH');
    expect(await claim(store, { version, reason: 'confirmation' })).toMatchObject({ kind: 'granted' });
    await adminOf(server).script('FLUSH');
    expect(await store.time()).toMatchObject({ kind: 'ok', meta: { epoch: 'first', seq: 1 } });
  });

  it('grants more than before after FLUSHALL, and begins another life', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    await probed(store);
    const before = await grantOf(store, { target: 'other' });
    await adminOf(server).flushall();
    expect(await commit(store, { target: 'other', grant: before })).toEqual({ kind: 'stale' });
    const grant = await grantOf(store, { target: 'other' });
    expect(grant).toBeGreaterThan(before);
    await commit(store, { target: 'other', grant });
    expect(await metaOf(store)).toMatchObject({ seq: 1 });
  });

  it('removes keys of a wrong type and goes on', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    for (const spoil of [
      (key: string): Promise<unknown> => admin.set(key, 'rubbish'),
      (key: string): Promise<unknown> => admin.rpush(key, 'a', 'b'),
      (key: string): Promise<unknown> => admin.zadd(key, 1, 'a'),
    ]) {
      await admin.flushall();
      await Promise.all(Object.values(KEYS).map((key) => spoil(key)));
      expect(await store.time()).toMatchObject({ kind: 'ok', meta: { epoch: '', seq: 0 } });
      expect(ok(await store.readRecords([T1]))).toEqual([]);
      expect(ok(await store.readLeases([T1]))).toEqual([]);
      expect(ok(await store.readTargets('tp', 0))).toBeNull();
      const version = await probed(store);
      expect(version).toBeGreaterThan(0);
      const beat = { info: { ...info, pod: 'a' }, ttlMs: 9_000, notAfter: FOREVER };
      expect(ok(await store.heartbeat(beat)).members).toHaveLength(1);
      const types = await Promise.all(Object.values(KEYS).map((key) => admin.type(key)));
      // There is no hold, so only the key of holds is missing.
      expect(types).toEqual(['hash', 'hash', 'hash', 'none']);
    }
  });

  it('reads bytes that are no text as garbage and repairs them', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    const bytes = Buffer.from([0x00, 0xff, 0xc3, 0x28, 0x0a]);
    await admin.hset(KEYS.records, T1, Buffer.concat([Buffer.from('9 9 9 9 {'), bytes, Buffer.from('}')]));
    await admin.hset(KEYS.records, bytes, bytes);
    await admin.hset(KEYS.leases, T1, bytes);
    await admin.hset(KEYS.leases, bytes, '1 b 9 9 9');
    await admin.hset(KEYS.pods, bytes, bytes);
    expect(ok(await store.readRecords([T1]))).toMatchObject([{ target: T1, stored: { kind: 'garbage' } }]);
    expect(ok(await store.readLeases([T1]))).toEqual([]);
    await probed(store);
    expect(ok(await store.readRecords([T1]))).toMatchObject([{ target: T1, stored: { kind: 'record' } }]);
    const beat = { info: { ...info, pod: 'a' }, ttlMs: 9_000, notAfter: FOREVER };
    expect(ok(await store.heartbeat(beat)).members).toHaveLength(1);
    expect(await admin.hexists(KEYS.pods, bytes)).toBe(0);
  });

  it('keeps all keys for a week after a heartbeat', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    await probed(store);
    expect(await admin.pttl(KEYS.records)).toBe(-1);
    const holds = [{ key: '*', kind: 'pause', until: null, by: 'ops', reason: 'any' }] as const;
    ok(await store.hold({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', holds }));
    ok(await store.heartbeat({ info: { ...info, pod: 'a' }, ttlMs: 9_000, notAfter: FOREVER }));
    const week = 7 * 24 * 3_600_000;
    for (const key of Object.values(KEYS)) {
      expect(await admin.pttl(key)).toBeGreaterThan(week - 60_000);
      expect(await admin.pttl(key)).toBeLessThanOrEqual(week);
    }
  });

  it('answers lost at once while the server is away, and is back within two seconds of its return', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    const heard = await listen(store);
    await server.kill();
    await until(() => heard.dropped.length === 1, { withinMs: 1_000, what: 'the subscription to be dropped' });
    await until(async () => (await store.time()).kind === 'lost', { withinMs: 1_000, what: 'the loss' });
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 100 }, () => store.claim(claimInput([request()]))));
    expect(performance.now() - startedAt).toBeLessThan(100);
    expect(answers.every((answer) => answer.kind === 'lost' && answer.loss.code === 'disconnected')).toBe(true);
    expect(await store.subscribe({ event() {}, garbage() {}, dropped() {} })).toMatchObject({ kind: 'lost' });
    await server.restart();
    expect(await answering(store, 5_000)).toBeLessThan(2_000);
    const again = await listen(store);
    expect(await claim(store)).toMatchObject({ kind: 'granted' });
    await until(() => again.events.length === 1, { withinMs: 1_000, what: 'the event after the return' });
    expect(heard.dropped).toHaveLength(1);
  });

  it('opens while the server is away and connects when it comes', async () => {
    const server = await serverFor();
    await server.kill();
    const store = openStore(targetOf(server));
    expect(await store.time()).toMatchObject({ kind: 'lost' });
    await server.restart();
    expect(await answering(store, 5_000)).toBeLessThan(2_000);
  });

  it('notifies a subscriber whose connection was killed, once, and delivers events after a new subscription', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    const heard = await listen(store);
    await admin.client('KILL', 'TYPE', 'PUBSUB');
    await until(() => heard.dropped.length === 1, { withinMs: 1_000, what: 'the subscription to be dropped' });
    expect(await store.time()).toMatchObject({ kind: 'ok' });
    expect(await heard.subscription.ping()).toMatchObject({ kind: 'lost', loss: { code: 'disconnected' } });
    const again = await listen(store);
    await probed(store);
    await until(() => again.events.length === 2, { withinMs: 1_000, what: 'the events' });
    expect(heard.events).toEqual([]);
  });

  it('dates records by the clock of the server alone', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    const before = await nowOf(store);
    const grant = await grantOf(store);
    const [seconds, micros] = await adminOf(server).time();
    expect(grant).toBeGreaterThan(before);
    expect(grant).toBeLessThan(Number(seconds) * 1e6 + Number(micros));
  });
});
