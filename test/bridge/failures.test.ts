import { describe, expect, it } from 'vitest';
import { epochMs, observe, openOwnPath, SECRETS } from '../fleet/harness/index.ts';
import type { OwnPath, TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import {
  allShow,
  isDown,
  litellmProbes,
  measured,
  published,
  sharedStand,
  showsItsOwn,
  showsOurs,
  untilQuiet,
} from './harness/index.ts';
import type { LitellmHealth } from './harness/index.ts';

// What fails beside three LiteLLM pods, one thing after the other. Their Redis is named by coordination_redis.

const INTERVAL_MS = 3_000;
const TTL_MS = 6_000;
/** A LiteLLM pod that loses the lock looks for results every five seconds for as long as the lock may be held: twice. */
const ROUND_MS = 10_000 + 5_000;
const RESUMES_MS = INTERVAL_MS + ROUND_MS;

const ENV = {
  DEFAULT_SHARED_HEALTH_CHECK_TTL: String(TTL_MS / 1_000),
  // As short as they can be: for how long a LiteLLM pod that lost its Redis waits before it helps itself.
  DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: '10',
  REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '10',
};

let bridge: TestPod;
/** The bridge's own way to the upstreams. */
let way: OwnPath;

const stand = sharedStand(
  {
    models: ['m1', 'm2'].map((model) => ({ model, info: { health_check_timeout: 4 } })),
    interval: INTERVAL_MS / 1_000,
    redisIn: 'coordination_redis',
    env: ENV,
  },
  async (opened) => {
    await opened.startLitellm(3);
    await allShow(opened.litellm, { wanted: showsItsOwn, withinMs: 20_000, what: "LiteLLM's own rows" });
    bridge = await opened.startOurs('bridge');
    await covered();
  },
);

describe('when a bridge', () => {
  it('is killed, LiteLLM probes by itself once what was published has ended, and sees what happened since', async () => {
    const { requests, litellm, upstream } = stand();
    upstream.set('m2', { kind: 'status', status: 500 });
    const from = epochMs();
    await bridge.end();
    await nothingOfOursStands();
    measured('resumed after the bridge was killed, s', await litellmProbes(requests, { from, withinMs: RESUMES_MS }));
    await allShow(litellm, {
      wanted: (health) => showsItsOwn(health) && isDown(health, 'm2'),
      withinMs: RESUMES_MS,
      what: "LiteLLM's own verdicts in every pod",
    });
    upstream.set('m2', { kind: 'ok' });
  });

  it('comes back, LiteLLM stops again', async () => {
    way = await openOwnPath(stand().upstream);
    bridge = await stand().startOurs('bridge', { env: { ...ENV, ...way.shape.env } });
    await covered();
    await silentForFiveIntervals();
  });

  it('loses its own way to the upstreams, it takes back what it published, and LiteLLM looks for itself', async () => {
    const { requests, litellm } = stand();
    const from = epochMs();
    await way.refuse();
    await until(async () => (await published(stand()))?.checked_by !== bridge.id, {
      // Each model has been looked at by then; the first one that it cannot reach may still be told.
      withinMs: 3 * INTERVAL_MS,
      what: 'what was published to be taken back',
    });
    const wanted = (health: LitellmHealth): boolean =>
      showsItsOwn(health) && !isDown(health, 'm1') && !isDown(health, 'm2');
    await allShow(litellm, { wanted, withinMs: RESUMES_MS, what: "LiteLLM's own good rows in every pod" });
    expect(requests.times('litellm', { span: { from, to: Infinity } })).not.toEqual([]);
    await way.repair();
    await covered();
    await silentForFiveIntervals();
  });

  it('hangs, LiteLLM probes by itself, and stops again when it goes on', async () => {
    const { requests, litellm } = stand();
    const from = epochMs();
    bridge.kill('SIGSTOP');
    try {
      await nothingOfOursStands();
      measured('resumed after the bridge hung, s', await litellmProbes(requests, { from, withinMs: RESUMES_MS }));
      await allShow(litellm, { wanted: showsItsOwn, withinMs: RESUMES_MS, what: "LiteLLM's own rows" });
    } finally {
      bridge.kill('SIGCONT');
    }
    await covered();
    await silentForFiveIntervals();
  });

  it('may not probe, it publishes nothing that is too old, and LiteLLM probes by itself', async () => {
    const { requests, litellm } = stand();
    await order('/fleet/probing/pause', { reason: 'maintenance', minutes: 10 });
    try {
      // Evidence is stale after twice the interval and the timeout.
      await litellmProbes(requests, { withinMs: 2 * INTERVAL_MS + 4_000 + RESUMES_MS });
      await allShow(litellm, { wanted: showsItsOwn, withinMs: RESUMES_MS, what: "LiteLLM's own rows" });
    } finally {
      await order('/fleet/probing/resume', {});
    }
    await covered();
  });
});

describe('when Redis', () => {
  it('is lost, LiteLLM helps itself; when it is there again, empty, LiteLLM falls silent', async () => {
    const { redis, requests } = stand();
    await redis.kill();
    try {
      measured('resumed while Redis was gone, s', await litellmProbes(requests, { withinMs: 90_000 }));
    } finally {
      await redis.restart();
    }
    await until(async () => (await published(stand()))?.checked_by === bridge.id, {
      withinMs: 20_000,
      what: 'a publication',
    });
    await untilQuiet(requests, { forMs: 5 * INTERVAL_MS, withinMs: 90_000 });
    await covered();
  });

  it('hangs, LiteLLM helps itself; when it goes on, LiteLLM falls silent again', async () => {
    const { redis, requests } = stand();
    redis.pause();
    try {
      measured('resumed while Redis hung, s', await litellmProbes(requests, { withinMs: 90_000 }));
    } finally {
      redis.resume();
    }
    const took = await untilQuiet(requests, { forMs: 5 * INTERVAL_MS, withinMs: 90_000 });
    measured('quiet after Redis was back, s', took / 1_000);
    await covered();
  });
});

/** Waits until every LiteLLM pod shows what the bridge published. */
async function covered(): Promise<void> {
  const withinMs = 20_000 + INTERVAL_MS + ROUND_MS;
  await allShow(stand().litellm, { wanted: showsOurs, withinMs, what: 'our rows in every pod' });
}

/** Waits for the end of what was published: the time for results, and no longer. */
async function nothingOfOursStands(): Promise<void> {
  const stands = async (): Promise<boolean> => (await published(stand()))?.checked_by === bridge.id;
  await until(async () => !(await stands()), { withinMs: TTL_MS + 500, what: 'the end of the publication' });
}

async function silentForFiveIntervals(): Promise<void> {
  const span = await observe(5 * INTERVAL_MS);
  expect(stand().requests.times('litellm', { span })).toEqual([]);
  expect(stand().requests.times('allswell', { model: 'm1', span }).length).toBeGreaterThanOrEqual(3);
}

async function order(path: string, body: object): Promise<void> {
  const response = await fetch(bridge.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status, path).toBe(200);
}
