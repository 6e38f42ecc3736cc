import { describe, expect, it } from 'vitest';
import { epochMs } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { until } from '../../src/testing/index.ts';
import {
  allShow,
  isDown,
  measured,
  outage,
  poison,
  published,
  RESULTS,
  rowsIn,
  sharedStand,
  showsItsOwn,
  showsOurs,
  watchCommands,
} from './harness/index.ts';
import type { CommandWatch, LitellmHealth, LitellmRow } from './harness/index.ts';

// One fleet of three LiteLLM pods: first alone, then beside a bridge that starts in the middle of a round, for ten
// intervals, while what may happen happens.

const INTERVAL_S = 20;
const INTERVAL_MS = INTERVAL_S * 1_000;
const BAD = { model: 'bad', probedWithinMs: 2 * INTERVAL_MS, knownWithinMs: 3 * INTERVAL_MS } as const;
const MODELS = ['m1', 'm2', 'good', 'bad'] as const;

const stand = sharedStand(
  {
    models: [
      { model: 'm1' },
      { model: 'm2', info: { id: 'my-id' } },
      { model: 'good', group: 'pair' },
      { model: 'bad', group: 'pair' },
    ],
    interval: INTERVAL_S,
    general: { enable_health_check_routing: true, model_list_healthy_only: true },
    env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String(INTERVAL_S) },
  },
  async (opened) => {
    // Like pods of any fleet: each looks for results at a moment of its own.
    for (let pods = 0; pods < 3; pods++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await opened.startLitellm(1);
    }
  },
);

let slowToKnow: Promise<number>;
/** Three pods that nobody helps, with LiteLLM's own time for results: 300 s. What they take passes beside all the rest. */
const slow = sharedStand({ models: [{ model: 'm1' }], interval: 2 }, async (opened) => {
  const { requests, upstream } = opened;
  const probed = until(() => requests.times('litellm')[0], { withinMs: 240_000, what: 'their first probe' });
  const failing = probed.then((at) => {
    upstream.set('m1', { kind: 'status', status: 500 });
    return at;
  });
  await opened.startLitellm(3);
  const from = await failing;
  const wanted = (health: LitellmHealth): boolean => isDown(health, 'm1');
  const known = allShow(opened.litellm, { wanted, withinMs: 400_000, what: 'the outage in every pod' });
  slowToKnow = known.then(
    () => (epochMs() - from) / 1_000,
    () => Infinity,
  );
});

/** LiteLLM's own rows, by their ids. */
let own: readonly LitellmRow[] = [];
let bridge: TestPod;
/** When the bridge had published for the first time. */
let publishedAt = 0;

describe('LiteLLM alone', () => {
  it('probes each model once per interval', async () => {
    const { requests, litellm } = stand();
    const rounds = async (): Promise<boolean> => {
      return Promise.resolve(MODELS.every((model) => requests.times('litellm', { model }).length >= 2));
    };
    await until(rounds, { withinMs: 2 * INTERVAL_MS, what: 'two rounds of LiteLLM' });
    measured('alone probes per interval', roundsIn(requests.times('litellm', { model: 'm1' })));
    await allShow(litellm, { wanted: showsItsOwn, withinMs: 10_000, what: 'rows in every pod' });
    own = rowsIn(await litellm[0]!.health());
    expect(own.map(({ model }) => model).toSorted()).toEqual(MODELS.map((model) => `openai/${model}`).toSorted());
  });

  it('knows of an outage in its last pod when that has looked, too', async () => {
    measured('alone outage known by the last pod, s', await outage(stand(), BAD));
    stand().upstream.set('bad', { kind: 'ok' });
  });
});

describe('a bridge that starts in the middle of a round', () => {
  it("stops LiteLLM's probes within one interval, and outlives what the round publishes", async () => {
    const { requests, upstream } = stand();
    upstream.set('m1', { kind: 'slow', ms: 15_000 });
    const from = epochMs();
    const begun = (): boolean => requests.times('litellm', { model: 'm1', span: { from, to: Infinity } }).length > 0;
    await until(begun, { withinMs: 2 * INTERVAL_MS, what: 'a round of LiteLLM' });
    upstream.set('m1', { kind: 'ok' });
    bridge = await stand().startOurs('bridge');
    await until(async () => (await published(stand()))?.checked_by === bridge.id, {
      withinMs: 12_000,
      what: 'a publication',
    });
    publishedAt = epochMs();
    await until(async () => (await published(stand()))?.checked_by !== bridge.id, {
      withinMs: 16_000,
      what: "results of the round in our publication's place",
    });
    const displacedAt = epochMs();
    // The tests below hold a repair to a second; here LiteLLM pods of other files may be starting.
    await until(async () => (await published(stand()))?.checked_by === bridge.id, { withinMs: 5_000, what: 'repair' });
    console.log(`repaired a round's results after ${(epochMs() - displacedAt).toFixed(0)} ms`);
  });

  it('gives every LiteLLM pod our verdicts, in rows that have all that its own had', async () => {
    const { litellm } = stand();
    await allShow(litellm, { wanted: showsOurs, withinMs: INTERVAL_MS + 6_000, what: 'our rows in every pod' });
    for (const pod of litellm) {
      const rows = rowsIn(await pod.health());
      expect(rows.map(({ model_id: id }) => id).toSorted()).toEqual(own.map(({ model_id: id }) => id).toSorted());
      for (const row of own) expect(rows.find(({ model_id: id }) => id === row.model_id)).toMatchObject(row);
      expect(rows.map(({ model_id: id }) => id)).toContain('my-id');
    }
  });

  it("lets LiteLLM's routing leave a failed deployment, and its lists hide a failed model", async () => {
    const { litellm, requests, upstream } = stand();
    expect(await usersReach('bad')).toBeGreaterThan(0);
    upstream.set('m2', { kind: 'status', status: 500 });
    measured('bridge outage known by the last pod, s', await outage(stand(), BAD));
    await allShow(litellm, { wanted: (health) => isDown(health, 'm2'), withinMs: INTERVAL_MS, what: 'm2 down' });
    for (const pod of litellm) {
      const { unhealthy_endpoints: down = [] } = await pod.health();
      expect(down.map(({ exception_status: status }) => status)).toEqual([500, 500]);
      expect((await pod.models()).toSorted()).toEqual(['m1', 'pair']);
    }
    expect(await usersReach('bad')).toBe(0);
    expect(requests.times('user', { model: 'good' }).length).toBeGreaterThan(0);
    upstream.set('bad', { kind: 'ok' });
    upstream.set('m2', { kind: 'ok' });
    const wanted = (health: LitellmHealth): boolean => !isDown(health, 'bad') && !isDown(health, 'm2');
    await allShow(litellm, { wanted, withinMs: 3 * INTERVAL_MS, what: 'recovery in every pod' });
    await until(async () => (await litellm[0]!.models()).includes('m2'), { withinMs: 5_000, what: 'm2 in the list' });
  });

  it('repairs within a second whatever was planted in place of its publication', async () => {
    const { store } = stand();
    const watch = await watchCommands(store);
    await allRead(watch);
    const took: number[] = [];
    for (const [name, value] of poison()) {
      await nobodyReadsFor(watch, 2_000);
      await store.set(RESULTS, value);
      const plantedAt = epochMs();
      const repaired = async (): Promise<boolean> => (await published(stand()))?.checked_by === bridge.id;
      await until(repaired, { withinMs: 5_000, what: `repair of ${name}` });
      took.push(epochMs() - plantedAt);
      expect(took.at(-1), name).toBeLessThan(1_000);
    }
    measured('slowest repair, ms', Math.max(...took));
    // Its lock is read, so that pods can be counted, and that is all.
    const ours = watch.seen.filter(({ source, words }) => source === 'lua' && words[1]?.endsWith('health_check_lock'));
    const touched = new Set(ours.map(({ words }) => words[0]?.toLowerCase()));
    expect(touched).toContain('type');
    expect(['getrange', 'strlen', 'type']).toEqual(expect.arrayContaining([...touched]));
    watch.stop();
  });

  it('has a successor within 11 s when it dies', async () => {
    const second = await stand().startOurs('bridge');
    await until(async () => (await second.fleet()).pods.length === 2, { withinMs: 10_000, what: 'two bridges' });
    const diedAt = epochMs();
    await bridge.end();
    await until(async () => (await published(stand()))?.checked_by === second.id, {
      withinMs: 11_000,
      what: 'a publication by the other bridge',
    });
    measured('take-over by the second bridge, s', (epochMs() - diedAt) / 1_000);
  });

  it('lets no LiteLLM pod send one probe for ten intervals, and probes each model once per interval', async () => {
    const { requests, litellm } = stand();
    const span = { from: publishedAt + INTERVAL_MS, to: publishedAt + 11 * INTERVAL_MS };
    await until(() => epochMs() > span.to, { withinMs: 11 * INTERVAL_MS, what: 'the end of ten intervals' });
    expect(requests.times('litellm', { span })).toEqual([]);
    measured('bridge probes per interval', 0);
    const last = Math.max(...requests.times('litellm'));
    measured('last probe of LiteLLM after the bridge, s', (last - publishedAt) / 1_000);
    for (const model of ['m1', 'good']) {
      const probes = requests.times('allswell', { model, span });
      expect(probes.length, model).toBeGreaterThanOrEqual(9);
      expect(probes.length, model).toBeLessThanOrEqual(12);
    }
    measured('bridge own probes per interval', roundsIn(requests.times('allswell', { model: 'm1', span })));
    // Not one loop died of what was planted.
    await allShow(litellm, { wanted: showsOurs, withinMs: INTERVAL_MS, what: 'our rows in every pod' });
  });
});

describe('LiteLLM pods that nobody helps', () => {
  it('know nothing of an outage before their results are too old, however often they look', async () => {
    const tookS = await slowToKnow;
    measured('slow outage known by the last pod, s', tookS);
    expect(tookS).toBeGreaterThan(200);
    expect(slow().requests.times('litellm').length).toBeGreaterThan(1);
  });
});

/** Rounds per interval, from the times of one model's probes. */
function roundsIn(times: readonly number[]): number {
  const [first = 0] = times;
  const last = times.at(-1) ?? 0;
  return ((times.length - 1) * INTERVAL_MS) / (last - first);
}

/** How many of a user's requests to the group reach a deployment, asked for at every pod. */
async function usersReach(model: string): Promise<number> {
  const { litellm, requests } = stand();
  const from = epochMs();
  const asked = litellm.flatMap((pod) => Array.from({ length: 12 }, async () => await pod.chat('pair')));
  expect(new Set(await Promise.all(asked))).toEqual(new Set([200]));
  return requests.times('user', { model, span: { from, to: Infinity } }).length;
}

/** When each LiteLLM pod last looked for results. */
function readsBy({ seen }: CommandWatch): Map<string, number> {
  const reads = seen.filter(({ words, source }) => words[0]?.toLowerCase() === 'get' && source !== 'lua');
  return new Map(reads.filter(({ words }) => words[1] === RESULTS).map(({ source, at }) => [source, at]));
}

async function allRead(watch: CommandWatch): Promise<void> {
  await until(() => readsBy(watch).size >= 3, { withinMs: INTERVAL_MS + 5_000, what: 'a read by every LiteLLM pod' });
}

/**
 * Some of what is planted ends the loop of a LiteLLM pod that reads it, and no bridge can undo that: so it is planted
 * while every pod sleeps. They sleep for an interval after each look.
 */
async function nobodyReadsFor(watch: CommandWatch, ms: number): Promise<void> {
  const asleep = (): boolean => {
    return [...readsBy(watch).values()].every((at) => {
      const since = epochMs() - at;
      return since < INTERVAL_MS - ms || since > 2 * INTERVAL_MS;
    });
  };
  await until(asleep, { withinMs: 2 * INTERVAL_MS, what: 'LiteLLM pods that sleep', everyMs: 50 });
}
