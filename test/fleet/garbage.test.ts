import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  epochMs,
  expectCalm,
  KEYS,
  longestSilence,
  modelNames,
  observe,
  recordedIn,
  rowsOf,
  sharedFleet,
  startSampler,
} from './harness/index.ts';
import type { Sample, Sampler, TestFleet, TestPod } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const models = modelNames(5);

// Everything that a stranger may leave in keys that carry our name.
const rubbish = ['rubbish', '1 2 3', '7 7 7 7 {"format":2,"run":{}}', '9999999999999999 1 1 1 {}', ''];

describe('garbage in the shared keys', () => {
  let [sampler, plantedAt]: [Sampler | undefined, number] = [undefined, 0];
  const wrong: string[] = [];
  const look = ({ body }: Sample): void => {
    wrong.push(...rowsOf(body).flatMap(({ model, state }) => (state === 'up' ? [] : [`${model} is ${state}`])));
  };
  const fleet = sharedFleet({ pods: 3, models }, async (started) => {
    await allMet(started, 3);
    await allJudged(started);
    await observe(INTERVAL_MS);
    sampler = startSampler({ pods: started.pods, everyMs: 20, look });
    plantedAt = epochMs();
  });
  afterAll(async () => await sampler?.stop());

  const cases: readonly { name: string; plant: (fleet: TestFleet) => Promise<unknown> }[] = [
    {
      name: 'in every record',
      plant: async ({ store }) => {
        const targets = await recordedIn(store);
        await store.hset(KEYS.records, Object.fromEntries(targets.map((id, i) => [id, rubbish[i % rubbish.length]])));
      },
    },
    {
      name: 'in every lease',
      plant: async ({ store }) => {
        const targets = await recordedIn(store);
        await store.hset(KEYS.leases, Object.fromEntries(targets.map((id, i) => [id, rubbish[i % rubbish.length]])));
      },
    },
    {
      name: 'in every member and target list',
      plant: async ({ store }) => {
        const fields = await store.hkeys(KEYS.pods);
        const planted = Object.fromEntries([...fields, 'stranger'].map((field) => [field, 'rubbish']));
        await store.hset(KEYS.pods, planted);
      },
    },
    {
      name: 'as fields of other names',
      plant: async ({ store }) => {
        for (const key of [KEYS.records, KEYS.leases, KEYS.pods]) {
          await store.hset(key, { 'two words': 'rubbish', deadbeefdeadbeef: 'rubbish', '': '' });
        }
      },
    },
    {
      name: 'in the name and the count of the data',
      plant: async ({ store }) => await store.hset(KEYS.records, { '!epoch': 'two words', '!seq': 'many' }),
    },
    {
      name: 'as keys of another type',
      plant: async ({ store }) => {
        await store.multi().del(KEYS.records).rpush(KEYS.records, 'a').del(KEYS.leases).set(KEYS.leases, 'a').exec();
        await store.multi().del(KEYS.pods).zadd(KEYS.pods, 1, 'a').exec();
      },
    },
    {
      name: 'on the channel',
      plant: async ({ store }) => {
        for (const text of [...rubbish, 'commit e 1 1 pod\nrubbish', 'lease - 0 9 pod\nt x y']) {
          await store.publish(KEYS.channel, text);
        }
      },
    },
  ];

  it.for(cases)('$name is repaired', async ({ plant }) => {
    await plant(fleet());
    await until(async () => await isWhole(fleet()), { withinMs: 3 * INTERVAL_MS, what: 'everything to be repaired' });
  });

  it('is logged once by each pod that meets it', async () => {
    const printed = new Map(fleet().pods.map((pod) => [pod, pod.log().length]));
    const since = (pod: TestPod): string[] => pod.log().slice(printed.get(pod)).split('\n');
    const [target = ''] = await recordedIn(fleet().store);
    const { model } = (await fleet().pod(0).fleet()).targets.find((one) => one.target === target) ?? {};
    await fleet().store.hset(KEYS.records, target, 'rubbish');
    const told = (): string[][] =>
      fleet().pods.map((pod) => since(pod).filter((line) => line.includes('Ignored the stored record')));
    await until(() => told().flat().length > 0, { withinMs: 2 * INTERVAL_MS, what: 'a line about the record' });
    await until(async () => await isWhole(fleet()), { withinMs: 2 * INTERVAL_MS, what: 'the record to be repaired' });
    await observe(INTERVAL_MS);
    for (const lines of told()) expect(lines.length).toBeLessThanOrEqual(1);
    for (const line of told().flat()) {
      expect(line).toContain(`WARNING: Ignored the stored record of ${model}: it does not parse: rubbish`);
    }
  });

  it('never changed what /health said, or delayed a probe by more than an interval', async () => {
    await observe(INTERVAL_MS);
    const span = await observe(3 * INTERVAL_MS);
    await sampler?.stop();
    expectCalm({ upstream: fleet().upstream, models, intervalMs: INTERVAL_MS, span });
    expect(wrong).toEqual([]);
    for (const model of models) {
      const silence = longestSilence(fleet().upstream, model, { from: plantedAt, to: span.to });
      expect(silence, `${model} without a probe`).toBeLessThanOrEqual(2 * INTERVAL_MS);
    }
    for (const pod of fleet().pods) expect(pod.lines(/ ERROR: /)).toEqual([]);
  });

  it('that a pod finds at its start is logged, shown as quarantined, and repaired', async () => {
    const [target = ''] = await recordedIn(fleet().store);
    // As a newer version would write it: never repaired by this one, so that there is time to look.
    const newer = (await fleet().store.hget(KEYS.records, target))?.replace('"format":2', '"format":3') ?? '';
    await fleet().store.hset(KEYS.records, target, newer);
    const fresh = await fleet().addPod();
    const quarantined = async (): Promise<boolean> => (await fresh.fleet()).quarantined.length === 1;
    await until(quarantined, { withinMs: 3_000, what: 'the record to be quarantined' });
    expect(fresh.lines(/Ignored the stored record of .*: it was written by a newer version/)).toHaveLength(1);
    await observe(2 * INTERVAL_MS);
    expect(await fleet().store.hget(KEYS.records, target)).toBe(newer);
    await fleet().store.hdel(KEYS.records, target);
    await until(async () => await isWhole(fleet()), { withinMs: 4 * INTERVAL_MS, what: 'a record of our own again' });
  });
});

/** Every record is one of ours again, with a name and a count to them, and every pod is a member. */
async function isWhole({ store, pods }: TestFleet): Promise<boolean> {
  const types = await Promise.all([KEYS.records, KEYS.leases, KEYS.pods].map((key) => store.type(key)));
  if (types.some((type) => type !== 'hash')) return false;
  const { '!epoch': epoch = '', '!seq': seq = '', ...records } = await store.hgetall(KEYS.records);
  if (!/^[a-z0-9]{12}$/.test(epoch) || !/^\d+$/.test(seq)) return false;
  const known = (await pods[0]?.fleet())?.targets.map(({ target }) => target) ?? [];
  const leases = await store.hgetall(KEYS.leases);
  const members = await store.hgetall(KEYS.pods);
  return (
    known.every((id) => /^\d{16} \d+ \d{16} \d{16} \{"format":2,/.test(records[id] ?? '')) &&
    known.every((id) => /^\d{16} pod_\S+ \d+ \d+ \d+$/.test(leases[id] ?? '')) &&
    pods.every(({ id }) => /^\d{16} \{"pod":/.test(members[id] ?? ''))
  );
}
