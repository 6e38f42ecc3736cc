import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { readCooldown } from '../../src/litellm/index.ts';
import { startRedisServer, until } from '../../src/testing/index.ts';
import type { RedisServer } from '../../src/testing/index.ts';
import { bridges, firstPublication, published, TTL_S } from './harness/bridges.ts';
import { connectTo, observe, SECRETS, startsOf, watchLiveness } from './harness/index.ts';
import type { TestFleet } from './harness/index.ts';

// The Router's Redis is one of its own, and is stopped with its sockets open: each command to it waits for its deadline.

const COOLDOWN = 'deployment:my-id:cooldown';

it('a Redis of the Router that hangs disturbs nothing else, and what it holds ends by itself', async (test) => {
  const { fleet, router, cooldowns } = await running(test);
  fleet.upstream.set('m2', { kind: 'status', status: 500 });
  await until(() => cooldowns.get(COOLDOWN), { withinMs: 20_000, what: 'the cooldown' });

  router.pause();
  test.onTestFinished(() => router.resume());
  const alive = fleet.pods.map(watchLiveness);
  await until(() => shownProblem(fleet), { withinMs: 10_000, what: 'the problem in /fleet' });
  expect(fleet.story()).toContain(
    "LiteLLM cooldowns not renewed: the Redis of LiteLLM's Router refuses or does not answer",
  );
  // Verdicts are found and published, results are renewed, and probes keep their pace.
  fleet.upstream.set('m3', { kind: 'status', status: 500 });
  await until(async () => (await published(fleet))?.unhealthy_count === 2, {
    withinMs: 8_000,
    what: 'the next failure',
  });
  fleet.upstream.set('m2', { kind: 'ok' });
  await until(async () => (await published(fleet))?.unhealthy_count === 1, { withinMs: 8_000, what: 'the recovery' });
  const span = await observe(TTL_S * 1_000);
  expect(await published(fleet)).toMatchObject({ healthy_count: 2, unhealthy_count: 1 });
  expect(startsOf(fleet.upstream, 'm1', span).length).toBeGreaterThanOrEqual(2);
  for (const times of await Promise.all(alive.map(async (end) => await end()))) {
    expect(times.length).toBeGreaterThan(50);
    expect(Math.max(...times)).toBeLessThan(250);
  }

  // The server now runs the commands whose callers gave up. What they write is over for LiteLLM, and ends within 3 s.
  const inForce = watchCooldown(cooldowns);
  router.resume();
  const resumedAt = performance.now();
  await until(async () => (await cooldowns.exists(COOLDOWN)) === 0, { withinMs: 5_000, what: 'the end of the key' });
  expect(performance.now() - resumedAt).toBeLessThan(3_500);
  await until(() => cooldowns.get('deployment:id-m3:cooldown'), { withinMs: 5_000, what: 'the next cooldown' });
  expect(await inForce()).toBe(false);
  expect(await shownProblem(fleet)).toBe(false);
});

interface Running {
  readonly fleet: TestFleet;
  readonly router: RedisServer;
  /** A connection to the Router's Redis. */
  readonly cooldowns: Redis;
}

/** Two bridges, and two groups of two deployments. */
async function running(test: TestContext): Promise<Running> {
  const router = await startRedisServer({ password: SECRETS.redisPassword });
  test.onTestFinished(async () => await router.stop());
  const cooldowns = connectTo(router);
  test.onTestFinished(() => cooldowns.disconnect());
  const entry = (model: string, group: string, id: string) => ({
    model,
    group,
    info: { health_check_timeout: 1, id },
  });
  const fleet = await bridges(test, {
    pods: 2,
    models: [entry('m1', 'chat', 'id-m1'), entry('m2', 'chat', 'my-id'), entry('m3', 'chat', 'id-m3')],
    router: { redis_host: router.host, redis_port: router.port, redis_password: SECRETS.redisPassword },
  });
  await firstPublication(fleet);
  return { fleet, router, cooldowns };
}

/** True if the pod with the lease shows that it cannot write cooldowns. */
async function shownProblem({ pods }: TestFleet): Promise<boolean> {
  const pages = await Promise.all(pods.map(async (pod) => await pod.fleet()));
  return pages.some(({ bridge }) => (bridge?.cooldowns?.problem ?? null) !== null);
}

/** Reads the key again and again; answers, when called, whether it ever held a cooldown in force. */
function watchCooldown(cooldowns: Redis): () => Promise<boolean> {
  let [ends, seen] = [false, false];
  const watching = (async () => {
    while (!ends) {
      // oxlint-disable-next-line no-await-in-loop -- one read after the other
      const found = readCooldown((await cooldowns.get(COOLDOWN)) ?? '');
      if (found !== undefined && found.atSeconds + found.seconds > Date.now() / 1_000) seen = true;
    }
  })();
  return async () => {
    ends = true;
    await watching;
    return seen;
  };
}
