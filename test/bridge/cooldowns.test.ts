import { afterAll, describe, expect, it } from 'vitest';
import { COOLDOWN_MARK } from '../../src/litellm/index.ts';
import { until } from '../../src/testing/index.ts';
import { command, epochMs, observe } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { openProbePath, sharedStand, startTraffic, watchVerdicts } from './harness/index.ts';
import type { ProbePath, Traffic, VerdictWatch } from './harness/index.ts';

// Two LiteLLM pods under steady traffic. Users' requests succeed everywhere, so LiteLLM cools nothing by itself; only
// the probes of the bridge fail, at all models of the second port.

const AVOIDED_WITHIN_MS = 1_500;
const BACK_WITHIN_MS = 5_000;
/** How long a cooldown lasts without a renewal, and LiteLLM's copy of it in memory. */
const ALONE_WITHIN_MS = 4_500;
/** For how long LiteLLM itself waits for a Redis that does not answer. */
const LITELLM_REDIS_MS = 5_000;
const OBSERVED_MS = 3_000;

/** LiteLLM's own time after Redis failed, s; 60 unless set. */
const LITELLM_ENV = { REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3' };
/** Place of the port at which the bridge's probes can fail. */
const FAILING = 1;
const GROUPS = ['pair', 'other', 'chain', 'doomed', 'last'] as const;

let path: ProbePath;
let bridge: TestPod;
let verdicts: VerdictWatch;
let traffic: Traffic;

const stand = sharedStand(
  {
    models: [
      { model: 'good', group: 'pair' },
      { model: 'dead', group: 'pair', port: FAILING, info: { id: 'id-dead' } },
      { model: 'steady', group: 'other' },
      { model: 'limited', group: 'other', port: FAILING, info: { id: 'id-limited' } },
      { model: 'lone', group: 'chain', port: FAILING, info: { id: 'id-lone' } },
      { model: 'spare' },
      { model: 'doomed', port: FAILING, info: { id: 'id-doomed' } },
      { model: 'doomed-spare', port: FAILING, info: { id: 'id-doomed-spare' } },
      { model: 'last', port: FAILING, info: { id: 'id-last' } },
    ],
    ports: 2,
    interval: 2,
    general: { background_health_checks: undefined, use_shared_health_check: undefined },
    router: { fallbacks: [{ chain: ['spare'] }, { doomed: ['doomed-spare'] }] },
  },
  async (opened) => {
    path = await openProbePath(opened.upstream, FAILING);
    await opened.startLitellm(2, { env: LITELLM_ENV });
    await startBridge();
    traffic = startTraffic({ pods: opened.litellm, perSecond: 20, kinds: GROUPS.map((group) => ({ group })) });
    await until(() => reached('dead', 0).length > 5, { withinMs: 20_000, what: 'requests at dead' });
  },
);

afterAll(async () => await traffic.stop());

describe('deployments that the fleet finds down', () => {
  it('get no requests from any LiteLLM pod 1.5 s after the verdict', async () => {
    const from = epochMs();
    await path.fail();
    for (const model of ['dead', 'lone']) {
      expect(await lastReachedAfterVerdict(model, from), model).toBeLessThan(AVOIDED_WITHIN_MS);
    }
  });

  it('are used where no other deployment of a group or of its fallbacks is left', async () => {
    const span = await observe(OBSERVED_MS);
    for (const model of ['last', 'doomed']) expect(reached(model, span.from), model).not.toEqual([]);
    for (const model of ['dead', 'lone']) expect(reached(model, span.from), model).toEqual([]);
    expect(statuses(0)).toEqual([200]);
  });

  it('get requests again within 5 s of the verdict up', async () => {
    const from = epochMs();
    await path.repair();
    for (const model of ['dead', 'lone']) {
      expect(await firstReachedAfter(model, 'up', from), model).toBeLessThan(BACK_WITHIN_MS);
    }
    expect(statuses(0)).toEqual([200]);
  });
});

describe('a deployment that an operator drains', () => {
  it('gets no requests until it is released', async () => {
    const from = epochMs();
    expect(await command(bridge, '/fleet/targets/id-dead/drain', { reason: 'maintenance', until: '10m' })).toBe(200);
    const drainedAt = epochMs();
    await observe(OBSERVED_MS);
    expect(Math.max(0, ...reached('dead', drainedAt)) - drainedAt).toBeLessThan(AVOIDED_WITHIN_MS);
    expect(await command(bridge, '/fleet/targets/id-dead/undrain', {})).toBe(200);
    await until(() => reached('dead', drainedAt + OBSERVED_MS).length > 0, {
      withinMs: BACK_WITHIN_MS,
      what: 'requests',
    });
    expect(statuses(from)).toEqual([200]);
  });
});

describe("LiteLLM's own cooldown", () => {
  it('is not shortened by one of the bridge', async () => {
    const { upstream, store } = stand();
    // So that LiteLLM is the first to see it.
    expect(await command(bridge, '/fleet/probing/pause', { reason: 'a test' })).toBe(200);
    upstream.set('limited', { kind: 'status', status: 429, headers: { 'retry-after': '25' } });
    const left = async (): Promise<number> => {
      const text = (await store.get(KEY)) ?? COOLDOWN_MARK;
      return text.startsWith(COOLDOWN_MARK) ? -1 : await store.pttl(KEY);
    };
    await until(async () => (await left()) > 20_000, { withinMs: 10_000, what: "LiteLLM's cooldown of 25 s" });
    const wanted = (): boolean => bridge.lines(/LiteLLM cooldown set: .*id-limited/).length > 0;
    await until(wanted, { withinMs: 10_000, what: 'the same cooldown by the bridge' });
    const [before, at] = [await left(), epochMs()];
    await observe(OBSERVED_MS);
    expect(Math.abs(before - (await left()) - (epochMs() - at))).toBeLessThan(200);
    upstream.set('limited', { kind: 'ok' });
    expect(await command(bridge, '/fleet/probing/resume', {})).toBe(200);
  });
});

describe('when there is no bridge any more, or no Redis', () => {
  it('LiteLLM uses a cooled deployment while Redis hangs, and avoids it again afterwards', async () => {
    const { redis } = stand();
    await path.fail();
    await avoided();
    redis.pause();
    try {
      await usedAgain(ALONE_WITHIN_MS + LITELLM_REDIS_MS);
    } finally {
      redis.resume();
    }
    await avoided();
  });

  it('LiteLLM uses a cooled deployment while Redis is gone, and avoids it again afterwards', async () => {
    const { redis } = stand();
    await redis.kill();
    try {
      await usedAgain();
    } finally {
      await redis.restart();
    }
    await avoided();
  });

  it('LiteLLM uses a cooled deployment again soon after the bridge was killed', async () => {
    await avoided();
    await bridge.end();
    await usedAgain();
  });

  it('no request fails because of it', () => {
    expect(statuses(0).filter((status) => status !== 429)).toEqual([200]);
  });
});

describe('a bridge that only observes', () => {
  it('says what it would do, and writes no cooldown', async () => {
    const { store } = stand();
    await until(async () => (await store.keys('*deployment:*')).length === 0, {
      withinMs: 5_000,
      what: 'no cooldowns',
    });
    const from = epochMs();
    await startBridge({ litellm_bridge: { cooldowns: 'observe' } });
    const said = (): boolean => bridge.lines(/LiteLLM cooldown \(observe only\) set: .*id-dead/).length > 0;
    await until(said, { withinMs: 20_000, what: 'a line about the deployment' });
    const span = await observe(OBSERVED_MS);
    expect(reached('dead', span.from)).not.toEqual([]);
    expect(await store.keys('*deployment:*')).toEqual([]);
    expect(statuses(from)).toEqual([200]);
  });
});

const KEY = 'deployment:id-limited:cooldown';

async function startBridge(fleetHealth: Readonly<Record<string, unknown>> = {}): Promise<void> {
  bridge = await stand().startOurs('bridge', { env: path.env, fleetHealth });
  verdicts = await watchVerdicts(bridge);
}

/** When users' requests reached a model, since then. */
function reached(model: string, since: number): readonly number[] {
  return stand().requests.times('user', { model, span: { from: since, to: Infinity } });
}

/** Statuses of all answers since then. */
function statuses(since: number): readonly number[] {
  return [...new Set(traffic.calls({ from: since, to: Infinity }).map(({ status }) => status))];
}

/** Waits for the verdict down and a while longer; answers how long after it the last request came, ms. */
async function lastReachedAfterVerdict(model: string, since: number): Promise<number> {
  const { at } = await until(() => verdicts.first(model, 'down', since), { withinMs: 15_000, what: `${model} down` });
  await observe(Math.max(0, at + OBSERVED_MS - epochMs()));
  return Math.max(at, ...reached(model, at)) - at;
}

async function firstReachedAfter(model: string, state: string, since: number): Promise<number> {
  const { at } = await until(() => verdicts.first(model, state, since), {
    withinMs: 15_000,
    what: `${model} ${state}`,
  });
  const first = await until(() => reached(model, at)[0], { withinMs: 15_000, what: `a request at ${model}` });
  return first - at;
}

async function avoided(): Promise<void> {
  const silent = (): boolean => epochMs() - (reached('dead', 0).at(-1) ?? 0) > OBSERVED_MS;
  await until(silent, { withinMs: 20_000, what: `${OBSERVED_MS} ms without a request at dead` });
}

async function usedAgain(withinMs: number = ALONE_WITHIN_MS): Promise<void> {
  const from = epochMs();
  await until(() => reached('dead', from).length > 0, { withinMs, what: 'a request at dead' });
}
