import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { SECRETS } from './harness/config.ts';
import { allJudged, allMet, epochMs, KEYS, modelNames, observe, sharedFleet, startsOf } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const LIMIT_MS = 250;
const models = modelNames(3);
const [model = ''] = models;

interface HeldRow {
  readonly hold: { readonly kind: string; readonly reason: string; readonly until: string | null } | null;
  readonly effective: string;
  readonly state: string;
}

interface HeldFleet {
  readonly probing_paused: { readonly kind: string } | null;
  readonly targets: readonly (HeldRow & {
    readonly target: string;
    readonly model: string;
    readonly checked_at: string;
  })[];
}

describe('holds in a fleet of three pods', () => {
  const fleet = sharedFleet({ pods: 3, models }, async (started) => {
    await allMet(started, 3);
    await allJudged(started);
  });
  const running = (): TestPod[] => fleet().pods.slice(-3);

  it('a drain decided at one pod counts in the other two within 250 ms', async () => {
    const decidedAt = await post(running()[0]!, `/fleet/targets/${model}/drain`, {
      reason: 'maintenance',
      until: '1h',
    });
    const delays = await Promise.all(running().map(async (pod) => (await whenHeld(pod, 'drain')) - decidedAt));
    console.log(`from the answer to /fleet of each pod: ${delays.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    expect(Math.max(...delays)).toBeLessThanOrEqual(LIMIT_MS);
    for (const pod of running()) {
      expect(await rowOf(pod)).toMatchObject({ state: 'up', effective: 'down', hold: { reason: 'maintenance' } });
      const { unhealthy_endpoints: bad } = await pod.health();
      expect(bad).toMatchObject([{ state: 'up', error: expect.stringContaining('held: drain by master key') }]);
      expect(pod.lines(/INFO: Hold set on .*: drain by master key, until /)).toHaveLength(1);
      expect(await pod.fleetMetrics()).toMatch(/allswell_target_hold\{[^}]*kind="drain"\} 1/);
    }
  });

  it('survives the loss of the data while pods live, with its version', async () => {
    const text = await fleet().store.hget(KEYS.holds, await placeHeld());
    await fleet().store.flushall();
    const back = async (): Promise<boolean> => (await fleet().store.hvals(KEYS.holds)).includes(text ?? '');
    await until(back, { withinMs: 10_000, what: 'the hold to be back' });
    for (const pod of running()) expect(await rowOf(pod)).toMatchObject({ hold: { kind: 'drain' } });
  });

  it('survives a Redis that is killed and comes back empty, and changes nothing meanwhile', async () => {
    await fleet().redis.kill();
    const fallen = async (): Promise<boolean> => (await running()[0]!.fleet()).mode === 'fallback';
    await until(fallen, { withinMs: 15_000, what: 'the pod to fall back', everyMs: 50 });
    const refused = await asked(running()[0]!, `/fleet/targets/${model}/undrain`, {});
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain('Hold not stored, nothing changed');
    expect(await rowOf(running()[0]!)).toMatchObject({ hold: { kind: 'drain' } });
    await fleet().redis.restart();
    const back = async (): Promise<boolean> => (await fleet().store.hlen(KEYS.holds)) === 1;
    await until(back, { withinMs: 20_000, what: 'the hold to be back', everyMs: 50 });
    for (const pod of running()) {
      const shared = async (): Promise<boolean> => (await pod.fleet()).mode === 'shared';
      await until(shared, { withinMs: 20_000, what: 'every pod to share again', everyMs: 50 });
      expect(await rowOf(pod)).toMatchObject({ effective: 'down', hold: { kind: 'drain' } });
    }
  });

  it('survives a restart of all pods, with another upstream key', async () => {
    const { target: before } = await rowOf(running()[0]!);
    await Promise.all(running().map((pod) => pod.stop()));
    const rotated = models.map((name) => ({ model: name, params: { api_key: 'sk-rotated-4be81d07c2' } }));
    await Promise.all(Array.from({ length: 3 }, () => fleet().addPod({ models: rotated })));
    await Promise.all(running().map((pod) => whenHeld(pod, 'drain')));
    expect((await rowOf(running()[0]!)).target).not.toBe(before);
    for (const pod of running()) expect(pod.lines(/INFO: Hold set on .*: drain/)).toHaveLength(1);
  });

  it('ends in every pod', async () => {
    const endedAt = await post(running()[1]!, `/fleet/targets/${model}/undrain`, {});
    const delays = await Promise.all(running().map(async (pod) => (await whenHeld(pod, undefined)) - endedAt));
    expect(Math.max(...delays)).toBeLessThanOrEqual(LIMIT_MS);
    const rows = await Promise.all(running().map(async (pod) => await rowOf(pod)));
    for (const { effective, state } of rows) expect(effective).toBe(state);
  });

  it('paused probing stops all probes at the upstream, except a check on request', async () => {
    await until(async () => (await rowOf(running()[0]!)).state === 'up', { withinMs: 20_000, what: 'a good probe' });
    await post(running()[0]!, '/fleet/probing/pause', { reason: 'cost' });
    // What was under way may end.
    await observe(LIMIT_MS);
    const { from, to } = await observe(4 * INTERVAL_MS);
    expect(models.map((name) => startsOf(fleet().upstream, name, { from, to }).length)).toEqual([0, 0, 0]);
    for (const pod of running()) {
      expect((await heldFleet(pod)).probing_paused).toMatchObject({ kind: 'pause' });
      expect(await pod.fleetMetrics()).toContain('allswell_probing_paused 1');
    }
    await until(async () => await isOld(running()[2]!), { withinMs: 10_000, what: 'evidence older than ten seconds' });
    const checkedAt = epochMs();
    await post(running()[2]!, `/fleet/targets/${model}/check`);
    expect(startsOf(fleet().upstream, model, { from: checkedAt, to: epochMs() })).toHaveLength(1);
  });

  it('resumed probing brings one probe per target and interval back', async () => {
    const resumedAt = await post(running()[1]!, '/fleet/probing/resume', {});
    await observe(2 * INTERVAL_MS);
    const { from, to } = await observe(4 * INTERVAL_MS);
    for (const name of models) {
      const count = startsOf(fleet().upstream, name, { from, to }).length;
      expect(count, name).toBeGreaterThanOrEqual(3);
      expect(count, name).toBeLessThanOrEqual(5);
      expect(startsOf(fleet().upstream, name, { from: resumedAt, to: from }).length, name).toBeLessThanOrEqual(3);
    }
  });

  async function placeHeld(): Promise<string> {
    const [place = ''] = await fleet().store.hkeys(KEYS.holds);
    return place;
  }
});

async function asked(pod: TestPod, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${SECRETS.masterKey}` };
  return await fetch(pod.url + path, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Asks for something that must be done; answers when it was. */
async function post(pod: TestPod, path: string, body?: unknown): Promise<number> {
  const answer = await asked(pod, path, body);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  await answer.text();
  return epochMs();
}

async function heldFleet(pod: TestPod): Promise<HeldFleet> {
  return (await pod.fleet()) as unknown as HeldFleet;
}

async function rowOf(pod: TestPod): Promise<HeldFleet['targets'][number]> {
  const row = (await heldFleet(pod)).targets.find((one) => one.model === `openai/${model}`);
  if (row === undefined) throw new Error(`${pod.name} does not list ${model}`);
  return row;
}

async function isOld(pod: TestPod): Promise<boolean> {
  return Date.now() - Date.parse((await rowOf(pod)).checked_at) > 10_500;
}

/** When a pod first showed this kind of hold, or none. */
async function whenHeld(pod: TestPod, kind: string | undefined): Promise<number> {
  await until(async () => (await rowOf(pod)).hold?.kind === kind, {
    withinMs: 20_000,
    what: `${kind ?? 'no hold'} in ${pod.name}`,
    everyMs: 5,
  });
  return epochMs();
}
