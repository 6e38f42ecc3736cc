import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerify } from '../../src/cli/bridge/verify/run-verify.ts';
import { startRedisServer, until } from '../../src/testing/index.ts';
import type { RedisServer } from '../../src/testing/index.ts';
import { epochMs, SECRETS } from '../fleet/harness/index.ts';
import { captured } from '../support/captured.ts';
import { allShow, isDown, sharedStand, showsOurs } from './harness/index.ts';
import type { LitellmPod } from './harness/index.ts';

// `allswell bridge verify` against real LiteLLM pods: set up as they should be, one of each version, and wrong in one way
// each.

const INTERVAL_MS = 3_000;
const PROGRAMS = (process.env['LITELLM_BINS'] ?? process.env['LITELLM_BIN'] ?? 'litellm').split(':');
const GENERAL = { enable_health_check_routing: true };
const MODELS = [
  { model: 'm1', group: 'pair', info: { id: 'id-of-m1' } },
  { model: 'm2', group: 'pair' },
  { model: 'm3', group: 'alone', info: { id: 'id-of-m3' } },
];
const CANARY_KEY = 'deployment:id-of-m1:cooldown';

const stand = sharedStand(
  {
    models: MODELS,
    interval: INTERVAL_MS / 1_000,
    general: GENERAL,
    env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: String((4 * INTERVAL_MS) / 1_000) },
  },
  async (opened) => {
    await opened.startOurs('bridge');
    for (const program of PROGRAMS) {
      // oxlint-disable-next-line no-await-in-loop -- starting pods at the same time takes longer on two cores
      await opened.startLitellm(1, { program });
    }
    await allShow(opened.litellm, { wanted: showsOurs, withinMs: 60_000, what: 'our rows' });
  },
);

describe(`allswell bridge verify with pods of ${PROGRAMS.length} LiteLLM versions beside a bridge`, () => {
  it('finds that all is well, without a request at an upstream, and leaves no key', async () => {
    const from = epochMs();
    const { status, checks, output } = await verify(stand().litellm, { withCanary: 'id-of-m1' });
    expect(checks.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(checks).toHaveLength(1 + 7 * PROGRAMS.length);
    expect(status).toBe(0);
    expect(await stand().store.exists(CANARY_KEY)).toBe(0);
    const span = { from, to: Infinity };
    expect(stand().requests.times('user', { span })).toEqual([]);
    expect(stand().requests.times('litellm', { span })).toEqual([]);
    for (const secret of Object.values(SECRETS)) expect(output).not.toContain(secret);
  });

  it('sees that they obey the cooldown that the bridge keeps for a deployment that is down', async () => {
    const { litellm, store, upstream } = stand();
    upstream.set('m1', { kind: 'status', status: 500 });
    await allShow(litellm, { wanted: (health) => isDown(health, 'm1'), withinMs: 60_000, what: 'm1 down' });
    await until(async () => (await store.exists(CANARY_KEY)) === 1, { withinMs: 10_000, what: 'the cooldown' });
    const { status, checks } = await verify(litellm);
    upstream.set('m1', { kind: 'ok' });
    expect(checks.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(checks.find(({ check }) => check === 'cooldown')?.says).toContain('while allswell keeps its cooldown');
    expect(status).toBe(0);
    await allShow(litellm, { wanted: (health) => !isDown(health, 'm1'), withinMs: 60_000, what: 'm1 up' });
    await until(async () => (await store.exists(CANARY_KEY)) === 0, { withinMs: 10_000, what: 'no cooldown' });
  });

  it('refuses to cool down the only deployment of a group', async () => {
    const { status, error } = await verify(stand().litellm, { withCanary: 'id-of-m3' });
    expect(error).toMatch(/^--with-canary id-of-m3: no other deployment of alone is healthy and free of a cooldown$/m);
    expect(status).toBe(2);
    expect(await stand().store.exists('deployment:id-of-m3:cooldown')).toBe(0);
  });

  it('deletes the cooldown at Ctrl-C', async () => {
    const urls = stand().litellm.map(({ url }) => url);
    const args = ['src/cli/main.ts', 'bridge', 'verify', '--config', stand().configFile(), '--with-canary', 'id-of-m1'];
    const command = spawn(process.execPath, [...args, '--litellm', ...urls], { stdio: 'ignore' });
    const ended = new Promise<unknown>((resolve) => {
      command.once('exit', (status, signal) => resolve(signal ?? status));
    });
    await until(async () => (await stand().store.exists(CANARY_KEY)) === 1, {
      withinMs: 30_000,
      what: 'the cooldown',
      everyMs: 5,
    });
    command.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(await stand().store.exists(CANARY_KEY)).toBe(0);
  });
});

describe('allswell bridge verify names what is wrong', () => {
  let other: RedisServer;
  beforeAll(async () => {
    const [, ...rest] = stand().litellm.toReversed();
    await stand().stopLitellm(rest);
    other = await startRedisServer({ password: SECRETS.redisPassword });
  });
  afterAll(async () => await other.stop());

  it('with a pod that does not route by health', async () => {
    expect(await wrong({ general: { enable_health_check_routing: false } })).toEqual({
      routing:
        'skipped: enable_health_check_routing is off: the Router does not know the results; cooldowns act without it',
    });
  });

  it('with a pod on another Redis', async () => {
    const params = { type: 'redis', host: '127.0.0.1', port: other.port, password: SECRETS.redisPassword };
    expect(await wrong({ litellm: { cache: true, cache_params: params } })).toEqual({
      redis: expect.stringMatching(
        /^failed: the results in the pod's Redis are those of pod_\d+, in allswell's those of pod_/,
      ),
      results: "failed: 3 of 3 rows at /health are of LiteLLM's own checks",
      cooldown: expect.stringMatching(
        /^failed: the Router still chose pair \(openai\/m1, id-of-m1\) \d\.\d s after its cooldown began$/,
      ),
    });
  });

  it('with a pod that has another key of an upstream, hence another id, and no background checks, without a probe', async () => {
    const models = MODELS.map((one) => (one.model === 'm2' ? { ...one, params: { api_key: 'sk-other' } } : one));
    const general = { ...GENERAL, background_health_checks: false };
    const from = epochMs();
    expect(await wrong({ models, general })).toEqual({
      'background-checks': 'failed: no background health checks run, so the pod reads no results',
      results: 'skipped: not asked: without background health checks, LiteLLM would probe each model for an answer',
      routing: 'skipped: the pod has no results that it could route by',
      deployments: expect.stringMatching(
        /^failed: allswell lacks pair \(openai\/m2, [\da-f]{12}…\); the pod lacks pair \(openai\/m2, [\da-f]{12}…\)$/,
      ),
    });
    expect(stand().requests.times('litellm', { span: { from, to: Infinity } })).toEqual([]);
  });

  /** Starts a pod with changes; answers what is wrong with it, by check. The pod beside it stays without a fault. */
  async function wrong(
    changes: Parameters<ReturnType<typeof stand>['startLitellm']>[1],
  ): Promise<Readonly<Record<string, string>>> {
    const [right] = stand().litellm;
    const [pod] = await stand().startLitellm(1, changes);
    const background = changes?.general?.['background_health_checks'] !== false;
    const judged = async (): Promise<boolean> => ((await pod!.health()).healthy_endpoints ?? []).length > 0;
    if (background) await until(judged, { withinMs: 60_000, what: 'rows of the pod', everyMs: 250 });
    const { status, checks } = await verify([right!, pod!], { withCanary: 'id-of-m1' });
    await stand().stopLitellm([pod!]);
    const faults = checks.filter(({ result }) => result !== 'passed');
    expect(faults.filter(({ about }) => about !== pod!.url)).toEqual([]);
    for (const { result, to_fix: todo } of faults) expect(todo !== null).toBe(result === 'failed');
    expect(status).toBe(faults.some(({ result }) => result === 'failed') ? 1 : 0);
    return Object.fromEntries(faults.map(({ check, result, says }) => [check, `${result}: ${says}`]));
  }
});

interface ShownCheck {
  readonly about: string;
  readonly check: string;
  readonly result: string;
  readonly says: string;
  readonly to_fix: string | null;
}

interface Ran {
  readonly status: unknown;
  readonly checks: readonly ShownCheck[];
  readonly output: string;
  readonly error: string;
}

/** Runs the command with the file of the pods. */
async function verify(pods: readonly LitellmPod[], flags: { readonly withCanary?: string } = {}): Promise<Ran> {
  const { process: own, stdout, stderr } = captured();
  const end = new AbortController().signal;
  const litellm = pods.map(({ url }) => url);
  await runVerify({ config: stand().configFile(), litellm, timeout: 20, json: true, ...flags }, { process: own, end });
  const output = stdout();
  const checks = output === '' ? [] : (JSON.parse(output) as { checks: readonly ShownCheck[] }).checks;
  return { status: own.exitCode, checks, output, error: stderr() };
}
