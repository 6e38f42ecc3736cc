import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { openCooldownStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/until.ts';
import { quiet, realClock } from './redis-fleet.ts';
import { startSentinel } from './servers/sentinel.ts';

it('cooldowns are written to the new master that sentinels name after a failover', async ({ onTestFinished }) => {
  const watched = await startSentinel();
  onTestFinished(async () => await watched.stop());
  const promoted = new Redis(watched.replica.url);
  onTestFinished(() => promoted.disconnect());
  const parts = { commandTimeoutMs: 2_000, logger: quiet, clock: realClock, jitter: () => 0 };
  const store = openCooldownStore({ connection: watched.connection, namespace: null, ...parts });
  onTestFinished(async () => await store.close());
  const cooldown = { status: 503, reason: 'down', atSeconds: 1, seconds: 3 };
  const arrives = async (modelId: string): Promise<boolean> => {
    const answer = await store.write({ cooldowns: new Map([[modelId, cooldown]]), lifeMs: 3_000 });
    return answer.kind === 'ok' && (await promoted.exists(`deployment:${modelId}:cooldown`)) === 1;
  };
  await until(() => arrives('before'), { withinMs: 10_000, what: 'the replica to receive what the master was given' });
  await watched.master.kill();
  await until(() => arrives('after'), { withinMs: 20_000, what: 'the cooldown on the new master' });
  expect(await promoted.info('replication')).toContain('role:master');
});
