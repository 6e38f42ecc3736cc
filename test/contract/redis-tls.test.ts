import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../src/ports/index.ts';
import { aclRules, openRedisStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/until.ts';
import { describeFleetStore } from './fleet-store.ts';
import { listen } from './fleet-store/under-test.ts';
import { connected, newFleetName, quiet, realClock, redisFleet } from './redis-fleet.ts';
import { startTlsServer, tlsObstacle, type TlsServer } from './servers/tls.ts';

const obstacle = tlsObstacle();

describe.skipIf(obstacle !== undefined)(
  `redis over TLS${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`,
  () => {
    let tls: TlsServer;
    let admin: Redis;

    beforeAll(async () => {
      tls = await startTlsServer();
      admin = new Redis(tls.server.url);
    });

    afterAll(async () => {
      admin.disconnect();
      await tls.stop();
    });

    const target = (over: Partial<Extract<RedisTarget, { kind: 'single' }>> = {}): RedisTarget => ({
      kind: 'single',
      host: 'localhost',
      port: tls.tlsPort,
      tls: { ca: tls.ca, verify: 'full' },
      ...over,
    });

    // A user who may do only what the store needs, for one fleet only: a command too few and the suite fails.
    describeFleetStore('as a restricted user', async () => {
      const fleet = newFleetName();
      await admin.call('ACL', 'SETUSER', fleet, 'on', '>pass word', ...aclRules(fleet).split(' '));
      return redisFleet(target({ username: fleet, password: 'pass word' }), admin, fleet);
    });

    it('keeps a restricted user out of other fleets', async () => {
      const fleet = newFleetName();
      await admin.call('ACL', 'SETUSER', fleet, 'on', '>pw', ...aclRules(fleet).split(' '));
      const connection = target({ username: fleet, password: 'pw' });
      const store = openRedisStore({ fleet: `${fleet}x`, connection, clock: realClock, logger: quiet });
      const loss = { kind: 'lost', loss: { code: 'no-permission' } };
      await until(async () => JSON.stringify(await store.time()).includes('no-permission'), {
        withinMs: 5_000,
        what: 'the refusal',
      });
      expect(await store.subscribe({ event() {}, garbage() {}, dropped() {} })).toMatchObject(loss);
      await store.close();
    });

    it('rejects a server whose certificate is not trusted or has another name', async () => {
      for (const refused of [target({ tls: { verify: 'full' } }), target({ host: '127.0.0.1' })]) {
        const store = openRedisStore({ fleet: 'any', connection: refused, clock: realClock, logger: quiet });
        await until(async () => /self-signed|certificate|altnames/i.test(JSON.stringify(await store.time())), {
          withinMs: 5_000,
          what: 'the reason of the refusal',
        });
        await store.close();
      }
    });

    it('checks only what is configured, and accepts a rediss URL', async () => {
      const url = `rediss://127.0.0.1:${tls.tlsPort}/3`;
      for (const connection of [
        target({ host: '127.0.0.1', tls: { ca: tls.ca, verify: 'chain' } }),
        target({ host: '127.0.0.1', tls: { verify: 'none' } }),
        { kind: 'url', url, tls: { ca: tls.ca, verify: 'chain' } } as const,
      ]) {
        const store = await connected(connection, newFleetName());
        const heard = await listen(store);
        expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
        await store.close();
      }
    });
  },
);
