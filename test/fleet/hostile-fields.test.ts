import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';
import {
  allJudged,
  allMet,
  command,
  epochMs,
  KEYS,
  modelNames,
  quantile,
  SECRETS,
  sharedFleet,
  startsOf,
  summary,
  watchLiveness,
} from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const models = modelNames(4);

/** Thousands of fields in the fleet's keys, from a client that is not a pod. */
describe('a hundred thousand planted fields', () => {
  let cli: CliStage;
  beforeAll(() => {
    cli = openCliStage();
  });
  afterAll(async () => await cli.close());
  const fleet = sharedFleet({ pods: 2, models }, async (started) => {
    await allMet(started, 2);
    await allJudged(started);
  });
  const pods = (): readonly TestPod[] => fleet().pods;
  const probedAgain = async (): Promise<void> => {
    const from = epochMs();
    const again = (model: string): boolean => startsOf(fleet().upstream, model, { from, to: Infinity }).length > 0;
    await until(() => models.every(again), { withinMs: 4 * INTERVAL_MS, what: 'another probe of every target' });
  };
  /** Both pods read everything. */
  const allRead = async (): Promise<void> => {
    const reads = (pod: TestPod): number => pod.lines(/Read all records again/).length;
    const before = pods().map(reads);
    await fleet().store.publish(KEYS.channel, 'rubbish');
    const read = (): boolean => pods().every((pod, i) => reads(pod) > (before[i] ?? 0));
    await until(read, { withinMs: 12_000, what: 'both pods to have read everything' });
  };
  const fallbacks = (): number[] => pods().map((pod) => pod.lines(/Falling back/).length);
  const pagesShow = async (what: string, shows: (page: FleetBody) => boolean): Promise<void> => {
    const shown = async (): Promise<boolean> => (await Promise.all(pods().map((pod) => pod.fleet()))).every(shows);
    await until(shown, { withinMs: 5_000, what: `${what} in both pods` });
  };
  /** Operators decide, by HTTP and by the command line, and every pod goes by it. */
  const operatorsWin = async (): Promise<void> => {
    const [one, two] = pods();
    const paused = (page: FleetBody): unknown => page.probing_paused;
    expect(await command(one!, '/fleet/probing/pause', { reason: 'ours' })).toBe(200);
    await pagesShow('the pause', (page) => paused(page) !== null);
    const args = ['probing', 'resume', '--url', two!.url];
    expect(await cli.run(args, { LITELLM_MASTER_KEY: SECRETS.masterKey })).toMatchObject({ status: 0 });
    await pagesShow('the end of the pause', (page) => paused(page) === null);
    const [target] = (await one!.fleet()).targets;
    const holds = (page: FleetBody): unknown => page.targets.find(({ target: id }) => id === target?.target)!.hold;
    const held = `/fleet/targets/${target?.target ?? ''}`;
    expect(await command(one!, `${held}/drain`, { reason: 'ours' })).toBe(200);
    await pagesShow('the drain', (page) => holds(page) !== null);
    expect(await command(two!, `${held}/undrain`, { reason: 'done' })).toBe(200);
    await pagesShow('the end of the drain', (page) => holds(page) === null);
  };

  it.each([
    ['records', KEYS.records, () => `${Date.now()}000 1 1 1 {"format":1}`],
    ['leases', KEYS.leases, () => `${Date.now()}000 pod_x ${Date.now() + 60_000}000 ${Date.now()}000 1`],
    ['holds', KEYS.holds, () => `${Date.now()}000 drain 0 {"by":"x","reason":"y"}`],
    ['uses of budgets', KEYS.budget, () => '1 1 1 1'],
    ['histories', KEYS.history, () => `${Date.now()}000 {}`],
    ['members', KEYS.pods, (name: string) => `${Date.now() + 60_000}000 ${memberText(name)}`],
  ])('of %s send no pod into fallback, delay no liveness check, and operators win', async (_, key, text) => {
    const { store } = fleet();
    const lines = (): number[] => pods().map((pod) => pod.lines(/ (WARNING|INFO): /).length);
    const [before, linesBefore] = [fallbacks(), lines()];
    const liveness = watchLiveness(pods()[0]!);
    const names = Array.from({ length: 100_000 }, (_unused, i) => `planted${i}`);
    for (let i = 0; i < names.length; i += 1_000) {
      const rows = names.slice(i, i + 1_000).map((name) => [name, text(name)]);
      // oxlint-disable-next-line no-await-in-loop -- in commands that keep the server busy for a millisecond
      await store.hset(key, Object.fromEntries(rows) as Record<string, string>);
    }
    await allRead();
    await probedAgain();
    await operatorsWin();
    await probedAgain();
    const times = await liveness();
    console.log(`liveness beside 100,000 planted fields in ${key}: ${summary(times)}`);
    expect(quantile(times, 0.95)).toBeLessThanOrEqual(50);
    expect(fallbacks()).toEqual(before);
    for (const [i, count] of lines().entries()) expect(count - (linesBefore[i] ?? 0)).toBeLessThanOrEqual(100);
    for (let i = 0; i < names.length; i += 1_000) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await store.hdel(key, ...names.slice(i, i + 1_000));
    }
    await pagesShow('the two members', (page) => page.pods.length === 2);
    for (const pod of pods()) {
      // oxlint-disable-next-line no-await-in-loop -- one pod after the other
      const body = await pod.health();
      expect(body, pod.name).toMatchObject({ healthy_count: models.length, unhealthy_count: 0, mode: 'shared' });
      expect(pod.lines(/ ERROR: /), pod.name).toEqual([]);
    }
  });
});

function memberText(pod: string): string {
  const hashes = { policyHash: 'p', targetsHash: 't' };
  return JSON.stringify({ pod, version: '1', ...hashes, startedAt: 1, impaired: false });
}
