import { describe, expect, it } from 'vitest';
import type { FleetBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  command,
  epochMs,
  KEYS,
  modelNames,
  recordedIn,
  sharedFleet,
  startsOf,
} from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const models = modelNames(4);
const LATEST = '9000000000000000';
const MEGABYTE = 1_048_576;

/** Actions of a client that is not a pod and can write the fleet's keys and publish on its channel. */
describe('a hostile writer in the store', () => {
  const fleet = sharedFleet({ pods: 2, models }, async (started) => {
    await allMet(started, 2);
    await allJudged(started);
  });
  const pods = (): readonly TestPod[] => fleet().pods;
  /** Every target is probed again: a batch that is lost shows. */
  const probedAgain = async (): Promise<void> => {
    const from = epochMs();
    const again = (model: string): boolean => startsOf(fleet().upstream, model, { from, to: Infinity }).length > 0;
    await until(() => models.every(again), { withinMs: 4 * INTERVAL_MS, what: 'another probe of every target' });
  };
  const allWell = async (): Promise<void> => {
    for (const pod of pods()) {
      // oxlint-disable-next-line no-await-in-loop -- one pod after the other
      const [body, page] = [await pod.health(), await pod.get('/fleet')];
      expect(body, pod.name).toMatchObject({ healthy_count: models.length, unhealthy_count: 0, mode: 'shared' });
      expect(page.status, pod.name).toBe(200);
      expect((JSON.parse(page.text) as FleetBody).pods, pod.name).toHaveLength(2);
      expect(pod.lines(/ ERROR: /), pod.name).toEqual([]);
    }
  };
  /** Nothing of this text is left under a key. */
  const repaired = async (key: string, text: string, withinMs = 3 * INTERVAL_MS): Promise<void> => {
    const gone = async (): Promise<boolean> => !(await fleet().store.hvals(key)).includes(text);
    await until(gone, { withinMs, what: `${text.slice(0, 60)} in ${key} to be repaired` });
  };
  /** Both pods read all pages of everything. */
  const allRead = async (): Promise<void> => {
    const reads = (pod: TestPod): number => pod.lines(/Read all records again/).length;
    const before = pods().map(reads);
    await fleet().store.publish(KEYS.channel, 'rubbish');
    const read = (): boolean => pods().every((pod, i) => reads(pod) > (before[i] ?? 0));
    await until(read, { withinMs: 12_000, what: 'both pods to have read everything' });
  };
  const plantInAll = async (key: string, text: string): Promise<void> => {
    const targets = await recordedIn(fleet().store);
    await fleet().store.hset(key, Object.fromEntries(targets.map((id) => [id, text])));
  };

  it('with a grant of 9·10¹⁵ in every lease stops no probe (D4)', async () => {
    const lease = `${LATEST} pod_x ${LATEST} ${LATEST} 3`;
    await plantInAll(KEYS.leases, lease);
    await probedAgain();
    await repaired(KEYS.leases, lease);
    await allWell();
  });

  it('with a version and a grant of 9·10¹⁵ in every record is overruled by the next probe, and named once', async () => {
    const [text = ''] = await fleet().store.hmget(KEYS.records, (await recordedIn(fleet().store))[0] ?? '');
    const planted = (text ?? '').replace(/^\d+ \d+/, `${LATEST} ${LATEST}`);
    await plantInAll(KEYS.records, planted);
    await probedAgain();
    await repaired(KEYS.records, planted);
    await allWell();
  });

  it.each([
    ['limits of null', (facts: string) => facts.replace('"last":{', '"last":{"limits":null,')],
    ['a latency that is none', (facts: string) => facts.replace(/"latencyMs":[^,]+/, '"latencyMs":"fast"')],
    ['an answer at 1e308', (facts: string) => facts.replace(/"answeredAt":\d+/, '"answeredAt":1e308')],
  ])('with %s in a record makes neither /health nor /fleet fail', async (_, change) => {
    const [target = ''] = await recordedIn(fleet().store);
    const text = (await fleet().store.hget(KEYS.records, target)) ?? '';
    const planted = change(text.replace(/^\d+/, (version) => String(Number(version) + 1)));
    expect(planted).not.toBe(text);
    await fleet().store.hset(KEYS.records, target, planted);
    // As a pod's commit would tell of it.
    const { '!epoch': epoch, '!seq': seq } = await fleet().store.hgetall(KEYS.records);
    const at = `${Date.now()}000`;
    await fleet().store.publish(KEYS.channel, `commit ${epoch} ${Number(seq) + 1} ${at} pod_x\n${target} ${planted}`);
    await allWell();
    await probedAgain();
    await allWell();
  });

  it.each([
    ['startedAt of 1e308', { startedAt: 1e308 }],
    ['startedAt of -1', { startedAt: -1 }],
    ['a version of 2 MB', { version: 'v'.repeat(2 * MEGABYTE) }],
  ])('with a member of %s makes no page fail', async (_, changes) => {
    const [own = ''] = Object.values(await fleet().store.hgetall(KEYS.pods)).filter((text) => text.includes('"pod":'));
    const member = { ...(JSON.parse(own.slice(own.indexOf('{'))) as object), pod: 'pod_x', ...changes };
    await fleet().store.hset(KEYS.pods, 'pod_x', `${Date.now() + 60_000}000 ${JSON.stringify(member)}`);
    await probedAgain();
    await allWell();
    await fleet().store.hdel(KEYS.pods, 'pod_x');
  });

  it('with a pause of version 9·10¹⁵, stored and published, does not pause the fleet, and resume takes effect', async () => {
    const pause = `${LATEST} pause 0 {"by":"x","reason":"y"}`;
    const { '!epoch': epoch, '!seq': seq } = await fleet().store.hgetall(KEYS.records);
    await fleet().store.hset(KEYS.holds, '*', pause);
    await fleet().store.publish(KEYS.channel, `hold ${epoch} ${Number(seq) + 1} ${Date.now()}000 pod_x\n* ${pause}`);
    await probedAgain();
    expect(await command(pods()[0]!, '/fleet/probing/pause', { reason: 'ours' })).toBe(200);
    expect(await command(pods()[1]!, '/fleet/probing/resume', { reason: 'go on' })).toBe(200);
    expect((await fleet().store.hget(KEYS.holds, '*')) ?? '').toMatch(/^\d{16} none /);
    await probedAgain();
    await allWell();
  });

  it.each([
    ['records', KEYS.records],
    ['leases', KEYS.leases],
    ['holds', KEYS.holds],
    ['history', KEYS.history],
    ['budget', KEYS.budget],
  ])('with values of 50 MB among the %s sends no pod into fallback', async (_, key) => {
    const huge = '7'.repeat(50 * MEGABYTE);
    const targets = await recordedIn(fleet().store);
    for (const field of [targets[0] ?? '', '*', 'deadbeefdeadbeef']) {
      // oxlint-disable-next-line no-await-in-loop -- one value at a time, not 200 MB at once
      await fleet().store.hset(key, field, huge);
    }
    const before = pods().map((pod) => pod.lines(/Falling back/).length);
    await allRead();
    await probedAgain();
    expect(pods().map((pod) => pod.lines(/Falling back/).length)).toEqual(before);
    await fleet().store.hdel(key, '*', 'deadbeefdeadbeef');
    await allWell();
  });

  it('with a hold whose reason has 2 MB is bounded', async () => {
    const [target] = (await pods()[0]!.fleet()).targets;
    const text = `${Date.now()}000 pause 0 ${JSON.stringify({ by: 'x', reason: 'y'.repeat(2 * MEGABYTE) })}`;
    expect(target).toBeDefined();
    await fleet().store.hset(KEYS.holds, '*', text);
    await probedAgain();
    expect(await command(pods()[0]!, '/fleet/probing/resume', { reason: 'go on' })).toBe(200);
    expect((await pods()[1]!.get('/fleet')).text.length).toBeLessThan(100_000);
    await allWell();
  });
});
