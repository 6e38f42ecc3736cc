import { expect, it } from 'vitest';
import type { DayMoneyBody } from '../../src/api/index.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';
import { until } from '../../src/testing/index.ts';
import { captured } from '../support/captured.ts';
import { allJudged, allMet, epochMs, fleetFor, observe, rowsOf, SECRETS, startsOf, sumOf } from './harness/index.ts';
import type { TestPod } from './harness/index.ts';

const DAY_MS = 86_400_000;
/** The UTC day must not end while its money is watched. */
const WATCHED_MS = 90_000;

// The upstream counts 12 tokens in and 5 out. gpt-4o-mini is listed at $0.15 and $0.60 for a million of them:
// 12 × 0.00000015 + 5 × 0.0000006 = 0.0000018 + 0.000003 = 0.0000048 dollars for a probe.
const MINI = 'gpt-4o-mini';
const COST = 0.000_004_8;
/** A check reuses evidence that was there less than ten seconds ago. */
const REUSED_MS = 10_500;

it('each dollar spent and saved by sharing, by alias and by cache is that of the price list, in every pod and place', async (test) => {
  await inOneDay();
  const fleet = await fleetFor(test, {
    pods: 0,
    models: [
      { model: MINI, group: 'one' },
      { model: MINI, group: 'two' },
      { model: 'unlisted-model', group: 'own' },
    ],
    interval: 300,
  });
  // Both pods meet before the bill of the first probe is made.
  for (const model of [MINI, 'unlisted-model']) fleet.upstream.set(model, { kind: 'hold' });
  const pods = await Promise.all([fleet.addPod(), fleet.addPod()]);
  await allMet(fleet, 2);
  expect(fleet.upstream.model(MINI).probes.inFlight, 'the pods met while the probe ran').toBe(1);
  for (const model of [MINI, 'unlisted-model']) fleet.upstream.set(model, { kind: 'ok' });
  await allJudged(fleet);
  const judgedAt = epochMs();

  // One other pod would have probed, too; and both pods would have probed the second deployment.
  const saved = { by_sharing: COST, by_alias: 2 * COST, by_cache: 0 };
  const scheduled = { probes: 1, unpriced_probes: 0, spent_usd: COST, saved_usd: saved };
  const unpriced = { probes: 1, unpriced_probes: 1, spent_usd: null, saved_usd: null };
  for (const pod of pods) await expectMoney(pod, { mini: scheduled, own: unpriced });

  // Answered by what is known: saved, once that is on the bill of a probe.
  const [first] = pods;
  await check(first);
  expect(startsOf(fleet.upstream, MINI)).toHaveLength(1);
  await until(() => epochMs() - judgedAt > REUSED_MS, { withinMs: 2 * REUSED_MS, what: 'evidence to be old' });
  await check(first);
  expect(startsOf(fleet.upstream, MINI)).toHaveLength(2);
  const checked = { ...scheduled, probes: 2, spent_usd: 2 * COST, saved_usd: { ...saved, by_cache: COST } };
  for (const pod of pods) await expectMoney(pod, { mini: checked, own: unpriced });
  await expectStatus(first);
});

it('thinking tokens that ignore the token cap end with the budget of the day (cost bomb)', async (test) => {
  await inOneDay();
  const fleet = await fleetFor(test, {
    pods: 0,
    models: ['o3-mini'],
    fleetHealth: { budget: { usd_per_day: 0.5 } },
  });
  fleet.upstream.setListed(['o3-mini']);
  fleet.upstream.set('o3-mini', { kind: 'status', status: 200, body: bomb });
  await Promise.all([fleet.addPod(), fleet.addPod(), fleet.addPod()]);
  await until(async () => (await shownLevels(fleet.pods)).every((level) => level === 'models'), {
    withinMs: 40_000,
    what: 'unbilled checks in their place',
    everyMs: 100,
  });
  await observe(6_000);

  // $1.10 and $4.40 for a million tokens: 12 × 0.0000011 + 60,000 × 0.0000044 = $0.2640132. One leaves room for a second
  // one, whose price no pod knows in advance; after that the day is over.
  expect(startsOf(fleet.upstream, 'o3-mini')).toHaveLength(2);
  for (const pod of fleet.pods) {
    const { money } = await fleetPage(pod, ({ money: { days } }) => days[0]?.probes === 2);
    expect(money.budget.usd_today).toBeCloseTo(0.528_026_4, 9);
    expect(money.days[0]?.spent_usd).toBeCloseTo(0.528_026_4, 9);
    expect(rowsOf(await pod.health())).toMatchObject([{ state: 'up', level: 'models' }]);
  }
  const warned = fleet.pods.flatMap((pod) => pod.lines(/ WARNING: A probe of openai\/o3-mini cost \$0\.2640132, /));
  expect(warned.length).toBeGreaterThanOrEqual(1);
});

/** A short answer after long thoughts. */
const bomb = {
  choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'fine' } }],
  usage: { prompt_tokens: 12, completion_tokens: 60_000, completion_tokens_details: { reasoning_tokens: 59_990 } },
};

async function inOneDay(): Promise<void> {
  await until(() => DAY_MS - (Date.now() % DAY_MS) > WATCHED_MS, {
    withinMs: WATCHED_MS + 1_000,
    what: 'a UTC day that lasts as long as the test',
    everyMs: 500,
  });
}

async function check(pod: TestPod): Promise<void> {
  const headers = { authorization: `Bearer ${SECRETS.masterKey}` };
  const answer = await fetch(`${pod.url}/fleet/targets/one/check`, { method: 'POST', headers });
  expect(answer.status).toBe(200);
}

async function shownLevels(pods: readonly TestPod[]): Promise<readonly (string | undefined)[]> {
  return (await Promise.all(pods.map((pod) => pod.health()))).map((body) => rowsOf(body)[0]?.level);
}

/** The page once it says what was counted last: what a pod has read is a few seconds old. */
async function fleetPage(pod: TestPod, isRead: (page: Awaited<ReturnType<TestPod['fleet']>>) => boolean) {
  return await until(
    async () => {
      const page = await pod.fleet();
      return isRead(page) ? page : undefined;
    },
    { withinMs: 15_000, what: `the money in ${pod.name}`, everyMs: 200 },
  );
}

type Tally = Omit<DayMoneyBody, 'day'>;

/** What `/fleet` and `/metrics/fleet` of one pod say of both targets, and of the fleet, which is their sum. */
async function expectMoney(pod: TestPod, { mini, own }: { readonly mini: Tally; readonly own: Tally }): Promise<void> {
  const fleet = { ...mini, probes: mini.probes + own.probes, unpriced_probes: own.unpriced_probes };
  const { money } = await fleetPage(pod, ({ money: { days } }) => days[0]?.probes === fleet.probes);
  const dayOf = (model: string): DayMoneyBody | undefined => money.targets.find((one) => one.model === model)?.days[0];
  expect(rounded(money.days[0])).toEqual(rounded(fleet));
  expect(rounded(dayOf(`openai/${MINI}`))).toEqual(rounded(mini));
  expect(rounded(dayOf('openai/unlisted-model'))).toEqual(rounded(own));

  const metrics = await pod.fleetMetrics();
  const ofMini = `target="[^"]+",model="openai/${MINI}"`;
  for (const [owner, labels] of [
    ['fleet', []],
    ['target', [ofMini]],
  ] as const) {
    const gauge = (name: string, by: readonly string[] = []): number => {
      const all = [...labels, ...by];
      const shown = all.length === 0 ? '' : `\\{${all.join(',')}\\}`;
      return sumOf(metrics, new RegExp(`^allswell_${owner}_${name}_today_usd${shown} `));
    };
    expect(gauge('spent')).toBeCloseTo(mini.spent_usd ?? -1, 12);
    expect(gauge('saved', ['by="sharing"'])).toBeCloseTo(mini.saved_usd?.by_sharing ?? -1, 12);
    expect(gauge('saved', ['by="alias"'])).toBeCloseTo(mini.saved_usd?.by_alias ?? -1, 12);
    expect(gauge('saved', ['by="cache"'])).toBeCloseTo(mini.saved_usd?.by_cache ?? -1, 12);
  }
  expect(metrics).not.toMatch(/^allswell_target_(spent|saved)_today_usd\{[^}]*unlisted-model/m);
  expect(sumOf(metrics, /^allswell_fleet_unpriced_today_probes /)).toBe(1);
}

/** Whole billionths, as they were counted, instead of binary fractions. */
function rounded(day: Tally | undefined): unknown {
  return JSON.parse(
    JSON.stringify({ ...day, day: undefined }, (_, value: unknown) =>
      typeof value === 'number' && !Number.isInteger(value) ? `${Math.round(value * 1e9)} billionths` : value,
    ),
  );
}

async function expectStatus(pod: TestPod): Promise<void> {
  const shown = async (output: 'lines' | 'json'): Promise<string> => {
    const { process, stdout } = captured();
    const address = { url: pod.url, key: SECRETS.masterKey, timeoutMs: 5_000 };
    await runStatus([address], { shows: 'status', output }, { process, end: new AbortController().signal });
    return stdout();
  };
  const lines = await shown('lines');
  const saved = String.raw`saved \$0\.0000192 \(sharing \$0\.0000048, alias \$0\.0000096, cache \$0\.0000048\)`;
  expect(lines).toMatch(/^COST of \d{4}-\d\d-\d\d \(UTC\), at list prices, read \d+ s ago$/m);
  expect(lines).toMatch(
    new RegExp(`^  fleet +3 paid probes +spent \\$0\\.0000096 and 1 of unknown price +${saved}$`, 'm'),
  );
  expect(lines).toMatch(new RegExp(`^  openai/${MINI} +2 paid probes +spent \\$0\\.0000096 +${saved}$`, 'm'));
  expect(lines).toMatch(
    /^ {2}openai\/unlisted-model +1 paid probe +spent unknown \(no price: set input_cost_per_token\) +saved unknown$/m,
  );
  const { pods } = JSON.parse(await shown('json')) as { pods: readonly { money_today: unknown }[] };
  expect(pods[0]?.money_today).toMatchObject({
    fleet: { probes: 3, unpriced_probes: 1, spent_usd: 0.000_009_6, saved_usd: 0.000_019_2 },
    targets: [
      { model: `openai/${MINI}`, probes: 2, spent_usd: 0.000_009_6, saved_usd: 0.000_019_2 },
      { model: 'openai/unlisted-model', probes: 1, spent_usd: null, saved_usd: null },
    ],
  });
}
