import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { freePort, until } from '../../src/testing/index.ts';
import { allMet, fleetFor, KEYS, observe, startsOf } from './harness/index.ts';
import type { TestFleet, TestPod } from './harness/index.ts';
import { isProof } from '../support/proof.ts';

const HOUR_MS = 3_600_000;
const INTERVAL_MS = 1_000;
const LIMIT = 20;
/** The hour must not end while it is watched: then there is another budget. */
const WATCHED_MS = 90_000;
const models = ['m1', 'm2'];
const price = { input_cost_per_token: 0.000_001, output_cost_per_token: 0.000_002 };

/** Pods under a limit of 20 paid probes an hour, with an hour that lasts as long as the test. */
async function limited(
  test: TestContext,
  pods: number,
  fleetHealth: Readonly<Record<string, unknown>> = {},
): Promise<TestFleet> {
  await until(() => HOUR_MS - (Date.now() % HOUR_MS) > WATCHED_MS, {
    withinMs: WATCHED_MS + 1_000,
    what: 'an hour that lasts as long as the test',
    everyMs: 500,
  });
  const fleet = await fleetFor(test, {
    pods: 0,
    models: models.map((model) => ({ model, params: price })),
    interval: INTERVAL_MS / 1_000,
    fleetHealth: { budget: { probes_per_hour: LIMIT }, ...fleetHealth },
  });
  fleet.upstream.setListed(models);
  await Promise.all(Array.from({ length: pods }, () => fleet.addPod()));
  if (pods > 0) await allMet(fleet, pods);
  return fleet;
}

const paidIn = ({ upstream }: TestFleet): number =>
  models.reduce((sum, model) => sum + startsOf(upstream, model).length, 0);

async function paid(fleet: TestFleet, atLeast: number): Promise<void> {
  await until(() => paidIn(fleet) >= atLeast, { withinMs: 30_000, what: `${atLeast} paid probes`, everyMs: 10 });
}

/** As {@link paid}, or until the limit is reached: on a busy machine answers get lost, and what they granted stays spent. */
async function paidOrSpent(fleet: TestFleet, atLeast: number): Promise<void> {
  const enough = async (): Promise<boolean> => paidIn(fleet) >= atLeast || (await counted(fleet)) >= LIMIT;
  await until(enough, { withinMs: 30_000, what: `${atLeast} paid probes, or the limit`, everyMs: 10 });
}

async function counted({ store }: TestFleet): Promise<number> {
  return Number((await store.hget(KEYS.budget, '!fleet'))?.split(' ')[1] ?? 0);
}

/** Waits until the store says that the limit is reached, and a few intervals more. */
async function spent(fleet: TestFleet): Promise<void> {
  await until(async () => (await counted(fleet)) >= LIMIT, {
    withinMs: 40_000,
    what: 'the limit to be reached',
    everyMs: 50,
  });
  await observe(4 * INTERVAL_MS);
}

async function shared(fleet: TestFleet): Promise<void> {
  const all = async (): Promise<boolean> =>
    (await Promise.all(fleet.pods.map((pod) => pod.fleet()))).every(({ mode }) => mode === 'shared');
  await until(all, { withinMs: 20_000, what: 'every pod to share again', everyMs: 50 });
}

async function allFallBack(fleet: TestFleet): Promise<void> {
  const all = async (): Promise<boolean> =>
    (await Promise.all(fleet.pods.map((pod) => pod.fleet()))).every(({ mode }) => mode === 'fallback');
  await until(all, { withinMs: 20_000, what: 'every pod to fall back', everyMs: 50 });
}

// Some wait for an hour that lasts long enough.
describe('a budget', { timeout: 240_000 }, () => {
  it.for(isProof ? [1, 3] : [3])(
    'U4: %d pods stay within 20 paid probes an hour though Redis is killed and comes back empty, twice',
    async (pods, test) => {
      const fleet = await limited(test, pods);
      for (const round of [1, 2]) {
        const before = paidIn(fleet);
        await paidOrSpent(fleet, before + 3);
        await fleet.redis.kill();
        await allFallBack(fleet);
        if (round === 1) await observe(3 * INTERVAL_MS);
        await fleet.redis.restart();
        await shared(fleet);
      }
      await spent(fleet);
      expect(paidIn(fleet)).toBeLessThanOrEqual(LIMIT);
      expect(paidIn(fleet)).toBeGreaterThanOrEqual(LIMIT / 2);
    },
  );

  it.for(isProof ? [1, 3] : [3])(
    'U4: %d pods stay within 20 paid probes an hour though all data is lost by FLUSHALL, again and again',
    async (pods, test) => {
      const fleet = await limited(test, pods);
      // At any moment: between a claim and its commit, and just before a claim.
      for (const [round, upTo] of [4, 7, 10, 13, 16].entries()) {
        await paidOrSpent(fleet, upTo);
        await observe((round * INTERVAL_MS) / 5);
        await fleet.store.flushall();
      }
      await spent(fleet);
      expect(paidIn(fleet)).toBeLessThanOrEqual(LIMIT);
      expect(paidIn(fleet)).toBeGreaterThanOrEqual(LIMIT / 2);
    },
  );

  const ends = [
    { how: 'stop', beyond: 0 },
    // What a killed pod claimed in its last second may be in no file yet: each target once.
    { how: 'end', beyond: models.length },
  ] as const;
  it.for(isProof ? ends : ends.slice(1))(
    'U4: a pod stays within the limit though it ($how) and the data of Redis are gone together, by its state file',
    async ({ how, beyond }, test) => {
      const dir = stateDir(test);
      const fleet = await limited(test, 0, { state_dir: dir });
      const port = await freePort();
      const first = await fleet.addPod({ port });
      await paid(fleet, 12);
      await until(() => countedIn(dir) >= 12, { withinMs: 10_000, what: 'the counts in the state file', everyMs: 20 });
      await first[how]();
      await fleet.store.flushall();
      await fleet.addPod({ port });
      await spent(fleet);
      expect(paidIn(fleet)).toBeLessThanOrEqual(LIMIT + beyond);
      expect(paidIn(fleet)).toBeGreaterThanOrEqual(LIMIT - 2);
    },
  );

  it('a pod that restarts without Redis goes on with its share of the budget, and does not begin anew', async (test) => {
    const dir = stateDir(test);
    const fleet = await limited(test, 0, { state_dir: dir });
    const port = await freePort();
    const start = async (): Promise<TestPod> => await fleet.addPod({ port });
    const pod = await start();
    await paid(fleet, 4);
    await fleet.redis.kill();
    const withRedis = paidIn(fleet);
    await until(async () => (await pod.fleet()).mode === 'fallback', { withinMs: 20_000, what: 'a fallback' });
    await paid(fleet, withRedis + 1);
    await until(() => aloneIn(dir) >= 1, { withinMs: 10_000, what: 'the state file to have it', everyMs: 20 });
    await pod.end();
    for (const how of ['stop', 'end', 'stop', 'end'] as const) {
      const next = await start();
      await observe(3 * INTERVAL_MS);
      await next[how]();
    }
    const share = Math.floor((LIMIT - withRedis) / 4);
    // What arrived at Redis just before it was killed may be counted or not.
    expect(paidIn(fleet) - withRedis).toBeLessThanOrEqual(share + 1);
    expect(paidIn(fleet) - withRedis).toBeGreaterThanOrEqual(share - 1);
    expect(stateFilesIn(dir)).toHaveLength(1);
  });

  it('a pod that restarts without Redis and without a state makes no paid probe where a budget is set', async (test) => {
    const fleet = await limited(test, 0);
    const pod = await fleet.addPod();
    await paid(fleet, 4);
    await fleet.redis.kill();
    await pod.end();
    const before = paidIn(fleet);
    const looks = fleet.upstream.stats().connections;
    const next = await fleet.addPod();
    await until(async () => (await next.fleet()).mode === 'fallback', { withinMs: 20_000, what: 'a fallback' });
    await observe(4 * INTERVAL_MS);
    expect(paidIn(fleet)).toBe(before);
    expect(fleet.upstream.stats().connections).toBeGreaterThan(looks);
  });

  it('a pod that never saw Redis does not begin its 2, 4, 8 … intervals anew with each restart', async (test) => {
    const dir = stateDir(test);
    const fleet = await fleetFor(test, {
      pods: 0,
      models: models.map((model) => ({ model, params: price })),
      interval: INTERVAL_MS / 1_000,
      env: { ALLSWELL_STATE_DIR: dir },
    });
    await fleet.redis.kill();
    const port = await freePort();
    const from = Date.now();
    for (const how of ['end', 'stop', 'end', 'stop', 'end', 'stop'] as const) {
      const pod = await fleet.addPod({ port });
      await until(async () => (await pod.fleet()).mode === 'fallback', { withinMs: 20_000, what: 'a fallback' });
      await observe(2 * INTERVAL_MS);
      await pod[how]();
    }
    const intervals = (Date.now() - from) / INTERVAL_MS;
    // At the start, then after 2, 6, 14, 30 … intervals.
    const most = 1 + Math.floor(Math.log2(intervals / 2 + 1)) + 1;
    for (const model of models) {
      expect(startsOf(fleet.upstream, model).length).toBeGreaterThanOrEqual(2);
      expect(startsOf(fleet.upstream, model).length).toBeLessThanOrEqual(most);
    }
  });

  it.for(['damaged', 'a directory that is missing'])(
    'a state file that cannot be used (%s) is a warning, and the pod runs as without it',
    async (what, test) => {
      const dir = stateDir(test);
      const fleet = await limited(test, 0, { state_dir: what === 'damaged' ? dir : join(dir, 'missing') });
      const port = await freePort();
      if (what === 'damaged') {
        const first = await fleet.addPod({ port });
        await until(() => stateFilesIn(dir).length === 1, { withinMs: 10_000, what: 'a state file', everyMs: 20 });
        await first.stop();
        writeFileSync(join(dir, stateFilesIn(dir)[0]!), '{"format":1,');
      }
      await fleet.redis.kill();
      const before = paidIn(fleet);
      const pod = await fleet.addPod({ port });
      await until(async () => (await pod.fleet()).mode === 'fallback', { withinMs: 20_000, what: 'a fallback' });
      await observe(3 * INTERVAL_MS);
      expect(paidIn(fleet)).toBe(before);
      const warned = pod.lines(/ WARNING: (Ignored|Cannot write) the state file /);
      expect(warned).toHaveLength(1);
      // `status --why` makes a finding of it.
      const { incidents } = await pod.fleet();
      expect(incidents.some(({ kind }) => kind === 'state-not-kept')).toBe(what !== 'damaged');
      expect((await pod.get('/health/liveliness')).status).toBe(200);
    },
  );
});

function stateDir(test: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'allswell-state-'));
  test.onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Files that are complete, and none that is being written. */
function stateFilesIn(dir: string): string[] {
  return readdirSync(dir).filter((file) => file.endsWith('.json'));
}

interface KeptFile {
  readonly uses: readonly {
    readonly owner: string;
    readonly counted: { readonly probes: number };
    readonly alone: { readonly probes: number } | null;
  }[];
}

/** The fleet's budget in the one state file. */
function keptIn(dir: string): KeptFile['uses'][number] | undefined {
  const [name] = stateFilesIn(dir);
  if (name === undefined) return undefined;
  const { uses } = JSON.parse(readFileSync(join(dir, name), 'utf8')) as KeptFile;
  return uses.find(({ owner }) => owner === '!fleet');
}

const countedIn = (dir: string): number => keptIn(dir)?.counted.probes ?? 0;
const aloneIn = (dir: string): number => keptIn(dir)?.alone?.probes ?? 0;
