import { afterAll, describe, expect, it } from 'vitest';
import { COOLDOWN_MARK } from '../../src/litellm/index.ts';
import { until } from '../../src/testing/index.ts';
import { command, epochMs, observe } from '../fleet/harness/index.ts';
import type { TestPod } from '../fleet/harness/index.ts';
import { openProbePath, sharedStand, startTraffic, watchVerdicts } from './harness/index.ts';
import type { ProbePath, Traffic, VerdictWatch } from './harness/index.ts';

// Two LiteLLM pods under steady traffic. Users' requests succeed everywhere, so LiteLLM cools nothing by itself; only
// the probes of the bridge fail, at all models of the second port.

// Times are printed, and measured by `npm run bench:litellm` on a quiet machine. The bounds here hold on a busy one, where
// LiteLLM reads cooldowns late, and are far below the time after which each would happen without cooldowns: never.
const WITHIN_MS = 20_000;
const OBSERVED_MS = 3_000;
/** Single requests that LiteLLM may route while it reads a cooldown again. Without one, there are at least twice as many. */
const SINGLE = 2;

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
  it('get no more requests from any LiteLLM pod soon after the verdict', async () => {
    const from = epochMs();
    await path.fail();
    for (const model of ['dead', 'lone']) {
      const { at } = await verdict(model, 'down', from);
      await avoided(model);
      measured(`${model}: verdict down to its last request, ms`, Math.max(at, ...reached(model, at)) - at);
    }
  });

  it('are used where no other deployment of a group or of its fallbacks is left', async () => {
    const span = await observe(OBSERVED_MS);
    for (const model of ['last', 'doomed']) expect(reached(model, span.from), model).not.toEqual([]);
    for (const model of ['dead', 'lone']) expect(reached(model, span.from).length, model).toBeLessThanOrEqual(SINGLE);
    expect(failures(0)).toEqual([]);
  });

  it('get requests again soon after the verdict up', async () => {
    const from = epochMs();
    await path.repair();
    for (const model of ['dead', 'lone']) {
      const { at } = await verdict(model, 'up', from);
      const first = await until(() => reached(model, at)[0], { withinMs: WITHIN_MS, what: `a request at ${model}` });
      measured(`${model}: verdict up to its first request, ms`, first - at);
    }
    expect(failures(0)).toEqual([]);
  });
});

describe('a deployment that an operator drains', () => {
  it('gets no requests until it is released', async () => {
    const from = epochMs();
    expect(await command(bridge, '/fleet/targets/id-dead/drain', { reason: 'maintenance', until: '10m' })).toBe(200);
    await avoided('dead');
    const span = await observe(OBSERVED_MS);
    expect(reached('dead', span.from).length).toBeLessThanOrEqual(SINGLE);
    expect(await command(bridge, '/fleet/targets/id-dead/undrain', {})).toBe(200);
    const often = (): boolean => reached('dead', span.to).length > 2 * SINGLE;
    await until(often, { withinMs: WITHIN_MS, what: 'requests at dead' });
    expect(failures(from)).toEqual([]);
  });
});

describe("LiteLLM's own cooldown", () => {
  it('is not shortened by one of the bridge', async () => {
    const { upstream, store } = stand();
    // So that LiteLLM is the first to see it.
    expect(await command(bridge, '/fleet/probing/pause', { reason: 'a test' })).toBe(200);
    const set = (): number => bridge.lines(/LiteLLM cooldown written for .*id-limited/).length;
    const before = set();
    upstream.set('limited', { kind: 'status', status: 429, headers: { 'retry-after': '25' } });
    const left = async (): Promise<number> => {
      const text = (await store.get(KEY)) ?? COOLDOWN_MARK;
      return text.startsWith(COOLDOWN_MARK) ? -1 : await store.pttl(KEY);
    };
    try {
      await until(async () => (await left()) > 15_000, { withinMs: WITHIN_MS, what: "LiteLLM's cooldown of 25 s" });
      await until(() => set() > before, { withinMs: WITHIN_MS, what: 'the same cooldown by the bridge' });
      const [leftMs, at] = [await left(), epochMs()];
      await observe(OBSERVED_MS);
      // One of the bridge would end within three seconds. LiteLLM itself may make its own longer.
      expect(leftMs - (await left()) - (epochMs() - at)).toBeLessThan(2_000);
    } finally {
      upstream.set('limited', { kind: 'ok' });
      expect(await command(bridge, '/fleet/probing/resume', {})).toBe(200);
    }
  });
});

describe('when there is no bridge any more, or no Redis', () => {
  it('LiteLLM uses a cooled deployment while Redis hangs, and avoids it again afterwards', async () => {
    const { redis } = stand();
    await path.fail();
    await avoided('dead');
    redis.pause();
    try {
      await usedAgain();
    } finally {
      redis.resume();
    }
    await avoided('dead');
  });

  it('LiteLLM uses a cooled deployment while Redis is gone, and avoids it again afterwards', async () => {
    const { redis } = stand();
    await redis.kill();
    try {
      await usedAgain();
    } finally {
      await redis.restart();
    }
    await avoided('dead');
  });

  it('LiteLLM uses a cooled deployment again soon after the bridge was killed', async () => {
    await avoided('dead');
    await bridge.end();
    await usedAgain();
  });

  it('no request fails because of it', () => {
    expect(failures(0).filter((failure) => !failure.startsWith('429'))).toEqual([]);
  });
});

describe('a bridge that only observes', () => {
  it('says what it would do, and writes no cooldown', async () => {
    const { store } = stand();
    await until(async () => (await store.keys('*deployment:*')).length === 0, {
      withinMs: 2 * WITHIN_MS,
      what: 'no cooldowns',
    });
    const from = epochMs();
    await startBridge({ litellm_bridge: { cooldowns: 'observe' } });
    const said = (): boolean => bridge.lines(/LiteLLM cooldown \(observe only\) not written for .*id-dead/).length > 0;
    await until(said, { withinMs: 20_000, what: 'a line about the deployment' });
    const span = await observe(OBSERVED_MS);
    expect(reached('dead', span.from)).not.toEqual([]);
    expect(await store.keys('*deployment:*')).toEqual([]);
    expect(failures(from)).toEqual([]);
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

/** Answers since then that are not 200: status, group, time and text. */
function failures(since: number): readonly string[] {
  const calls = traffic.calls({ from: since, to: Infinity });
  const failed = calls.filter(({ status }) => status !== 200);
  return failed.map(({ status, group, at, failure }) => `${status} ${group} at ${Math.round(at)}: ${failure}`);
}

async function verdict(model: string, state: string, since: number): Promise<{ readonly at: number }> {
  return await until(() => verdicts.first(model, state, since), { withinMs: WITHIN_MS, what: `${model} ${state}` });
}

/** Waits until no request has come to the model for a while. Under this traffic there is one each half second otherwise. */
async function avoided(model: string): Promise<void> {
  const from = epochMs();
  const silent = (): boolean => epochMs() - Math.max(from, ...reached(model, from)) > OBSERVED_MS;
  await until(silent, { withinMs: 2 * WITHIN_MS, what: `${OBSERVED_MS} ms without a request at ${model}` });
}

async function usedAgain(): Promise<void> {
  const from = epochMs();
  const often = (): boolean => reached('dead', from).length > SINGLE;
  await until(often, { withinMs: WITHIN_MS, what: 'requests at dead' });
  measured('without bridge or Redis, to requests at dead again, ms', epochMs() - from);
}

function measured(what: string, ms: number): void {
  console.log(`${what}: ${Math.round(ms)}`);
}
