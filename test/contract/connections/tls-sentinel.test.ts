import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, probed } from '../fleet-store/under-test.ts';
import { startTlsSentinel, type TlsSentinel } from '../servers/tls-sentinel.ts';
import { tlsObstacle } from '../servers/tls.ts';
import { answering, openStore, problemOf } from './support.ts';

const obstacle = tlsObstacle();

describe.skipIf(obstacle !== undefined)(
  `sentinels over TLS${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`,
  () => {
    let setup: TlsSentinel;
    beforeAll(async () => {
      setup = await startTlsSentinel();
    });
    afterAll(() => setup.stop());

    it('are connected to with the same encryption and certificate as their master', async () => {
      const store = openStore(setup.connection);
      await answering(store, 5_000);
      const heard = await listen(store);
      expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
      await probed(store);
    });

    // The client tells no more of a sentinel's connection than that it was closed.
    it('cause a message with the setting if this side has no certificate, no authority or no encryption', async () => {
      const { tls, ...open } = setup.connection;
      const { client: _none, ...bare } = tls!;
      const foreign = { verify: 'full', client: tls!.client! } as const;
      for (const connection of [{ ...open, tls: bare }, { ...open, tls: foreign }, open]) {
        const { code, message } = await problemOf(connection, /sentinel/i);
        expect(message).toContain('and ssl (it applies to sentinels too)');
        expect(code).toBe('disconnected');
      }
    });
  },
);
