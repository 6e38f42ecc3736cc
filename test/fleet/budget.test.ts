import { expect, it } from 'vitest';
import type { ExplainBody } from '../../src/api/index.ts';
import { runStatus } from '../../src/cli/status/run-status.ts';
import { until } from '../../src/testing/index.ts';
import { captured } from '../support/captured.ts';
import {
  allMet,
  epochMs,
  fleetFor,
  KEYS,
  leasesIn,
  observe,
  rowsOf,
  SECRETS,
  startsOf,
  sumOf,
} from './harness/index.ts';
import type { TestFleet, TestPod } from './harness/index.ts';

const INTERVAL_S = 2;
/** Long enough for a busy machine to renew it. */
const LEASE_S = 5;
const HOUR_MS = 3_600_000;
/** The hour must not end while it is watched: then there is another budget. */
const WATCHED_MS = 60_000;

it('a budget of three probes per hour holds while the pod that makes one of them is killed, and shows what replaces it', async (test) => {
  await until(() => HOUR_MS - (Date.now() % HOUR_MS) > WATCHED_MS, {
    withinMs: WATCHED_MS + 1_000,
    what: 'an hour that lasts as long as the test',
    everyMs: 500,
  });
  const price = { input_cost_per_token: 0.000_001, output_cost_per_token: 0.000_002 };
  const fleet = await fleetFor(test, {
    pods: 0,
    models: [{ model: 'm', params: price }],
    interval: INTERVAL_S,
    fleetHealth: { budget: { probes_per_hour: 3 } },
    env: { DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: String(LEASE_S) },
  });
  fleet.upstream.setListed(['m']);
  fleet.upstream.set('m', { kind: 'hang' });
  await Promise.all([fleet.addPod(), fleet.addPod(), fleet.addPod()]);
  await allMet(fleet, 3);
  const killed = await killInMidProbe(fleet);
  const living = fleet.pods.filter((pod) => pod !== killed);

  await until(async () => (await Promise.all(living.map(shown))).every((one) => one.level === 'models'), {
    withinMs: 25_000,
    what: 'free looks to stand in, in every pod',
    everyMs: 100,
  });
  const looks = (): number => fleet.upstream.stats().listings.probes.count;
  const [before, { from }] = [looks(), await observe(2 * INTERVAL_S * 1_000)];
  await until(() => looks() - before >= 2, { withinMs: 20_000, what: 'two more free looks' });
  const intervals = Math.ceil((epochMs() - from) / (INTERVAL_S * 1_000));
  expect(looks() - before, 'free looks of the whole fleet').toBeLessThanOrEqual(intervals + 1);
  expect(startsOf(fleet.upstream, 'm'), 'paid probes, the killed one among them').toHaveLength(3);

  for (const pod of living) {
    await expectShown(pod);
    await expectExplained(pod);
  }
  const warned = living.flatMap((pod) =>
    pod.lines(/ WARNING: The probe budget of the fleet is spent until .*:00:00\.000Z: /),
  );
  expect(warned.length).toBeGreaterThanOrEqual(1);
  expect(warned.length).toBeLessThanOrEqual(living.length);
  expect(await fleet.store.hget(KEYS.budget, '!fleet')).toMatch(/^\d+ 3 /);
});

/** Waits for the first probe, which hangs, and kills the pod that makes it. */
async function killInMidProbe(fleet: TestFleet): Promise<TestPod> {
  await until(() => startsOf(fleet.upstream, 'm').length === 1, { withinMs: 25_000, what: 'the first probe' });
  const [lease] = await leasesIn(fleet.store);
  const killed = fleet.podOf(lease?.pod ?? '');
  await killed.end();
  fleet.upstream.set('m', { kind: 'ok' });
  return killed;
}

async function shown(pod: TestPod): Promise<{ level: string | undefined; until: string | undefined }> {
  const [row] = rowsOf(await pod.health());
  return { level: row?.level, until: row?.budget_spent_until };
}

async function expectShown(pod: TestPod): Promise<void> {
  const health = await pod.health();
  expect(health.healthy_count).toBe(1);
  expect(health.healthy_endpoints[0]).toMatchObject({ state: 'up', level: 'models' });
  expect(Date.parse(health.healthy_endpoints[0]?.budget_spent_until ?? '') % HOUR_MS).toBe(0);

  // Sums that were read before the last probe are read again at the next request.
  const money = await until(
    async () => {
      const { money: found } = await pod.fleet();
      return found.budget.probes_this_hour === 3 && found.days[0]?.probes === 2 ? found : undefined;
    },
    { withinMs: 10_000, what: `the money in ${pod.name}`, everyMs: 200 },
  );
  expect(money.budget).toMatchObject({ probes_per_hour: 3, usd_per_day: null });
  const [day] = money.days;
  // The killed pod's probe is counted, at an unknown cost; the other two were billed.
  expect(day).toMatchObject({ probes: 2, unpriced_probes: 0 });
  // Each took 12 tokens at a millionth of a dollar and 5 at two; the killed pod is a member until its time is over.
  expect(day?.spent_usd).toBeCloseTo(2 * 0.000_022, 12);
  const shared = (day?.saved_usd?.by_sharing ?? 0) / 0.000_022;
  expect([2, 3, 4]).toContain(Math.round(shared * 1e6) / 1e6);
  const { targets } = await pod.fleet();
  expect(targets[0]?.why).toMatch(/probed at level models only: the fleet's probe budget is spent until/);

  const metrics = await pod.fleetMetrics();
  expect(sumOf(metrics, /^allswell_fleet_budget_used_probes /)).toBe(3);
  expect(sumOf(metrics, /^allswell_fleet_budget_limit_probes /)).toBe(3);
  expect(sumOf(metrics, /^allswell_target_flag\{.*flag="budget-spent"/)).toBe(1);
  expect(sumOf(metrics, /^allswell_fleet_spent_today_usd /)).toBeCloseTo(day?.spent_usd ?? 0, 12);
}

/** One target explained, and the screen of `allswell status`. */
async function expectExplained(pod: TestPod): Promise<void> {
  const explained = JSON.parse((await pod.get('/fleet/targets/m')).text) as ExplainBody;
  expect(explained.why).toMatch(
    /probed at level models only: the fleet's probe budget is spent until \S+:00:00\.000Z$/,
  );
  expect(explained.evidence.last?.level).toBe('models');

  const { process, stdout } = captured();
  const address = { url: pod.url, key: SECRETS.masterKey, timeoutMs: 5_000 };
  const end = new AbortController().signal;
  await runStatus([address], { shows: 'status', output: 'lines' }, { process, end });
  expect(stdout()).toMatch(/^ {2}up {2}m \(openai\/m\) .*the fleet's probe budget is spent until/m);
  expect(stdout()).toMatch(/^ {2}fleet +2 paid probes .* budget: 3 of 3 probes this hour \(spent\)$/m);
}
