import { expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { allMet, epochMs, fleetFor, KEYS, observe, startLoad, sumOf } from './harness/index.ts';
import type { Load, Span, TestFleet } from './harness/index.ts';
import { isProof } from '../support/proof.ts';

// Three pods share one deployment's limit of 60 requests per minute, with more than twice as many requests, most of them at one pod.

const RPM = 60;
/** What may reach the upstream in any minute: the arrivals of requests are a little less even than their starts. */
const MOST = 66;
const MODEL = 'limited';
/** Requests per second at each pod: 80, 15 and 5 %. */
const RATES = [2, 0.375, 0.125];
const MINUTE_MS = 60_000;
const WITHOUT_REDIS_MS = 25_000;
const AFTERWARDS_MS = 15_000;

// Two and a half minutes: `npm run proof` runs it.
it.runIf(isProof)(
  'a limit holds in every minute for the whole fleet, also while Redis is gone and when it is back',
  { timeout: 240_000 },
  async (test) => {
    const fleet = await fleetFor(test, {
      pods: RATES.length,
      models: [{ model: MODEL, params: { rpm: RPM }, info: { id: MODEL } }],
      interval: 120,
      env: { LITELLM_LOG: 'INFO' },
    });
    fleet.upstream.set(MODEL, { kind: 'slow', ms: 20 });
    await allMet(fleet, RATES.length);
    const from = epochMs();
    const loads = RATES.map((perSecond, at) => startLoad({ pods: [fleet.pod(at)], group: MODEL, perSecond }));
    test.onTestFinished(async () => void (await Promise.all(loads.map(async (load) => await load.stop()))));
    const starts = (span: Span): readonly number[] =>
      fleet.upstream.model(MODEL).traffic.starts.filter((at) => at >= span.from && at < span.to);

    await observe(MINUTE_MS + 5_000);
    const calm = { from, to: epochMs() };
    const metrics = await Promise.all(fleet.pods.map(async (pod) => await pod.metrics()));
    const shares = metrics.map((text) => sumOf(text, /^allswell_deployment_limit_share\{.*kind="rpm"/));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(RPM);
    expect(shares[0]).toBeGreaterThan(RPM / 2);
    const limits = await Promise.all(fleet.pods.map(async (pod) => await pod.fleetMetrics()));
    expect(limits.map((text) => sumOf(text, /^allswell_deployment_limit\{.*kind="rpm"/))).toEqual([RPM, RPM, RPM]);
    expect(sumOf(metrics[0] ?? '', /^allswell_deployment_limit_refusals_total\{/)).toBeGreaterThan(0);

    await fleet.redis.kill();
    const lost = await observe(WITHOUT_REDIS_MS);
    expect(fleet.pods.map((pod) => pod.lines(/the store renews no shares/).length)).toEqual([1, 1, 1]);
    await fleet.redis.restart();
    await until(() => fleet.pods.every((pod) => pod.lines(/leased from the store again/).length === 1), {
      withinMs: 15_000,
      what: 'all pods to lease again',
    });
    await observe(AFTERWARDS_MS);
    const all = { from, to: epochMs() };
    const answered = loads.map((load) => answeredBy(load));
    console.log(
      `limit shares: ${JSON.stringify({
        mostInAMinute: mostInAMinute(starts(all)),
        firstMinute: starts({ from, to: from + MINUTE_MS }).length,
        lastCalmMinute: starts({ from: calm.to - MINUTE_MS, to: calm.to }).length,
        withoutRedis: starts(lost).length,
        shares,
        answered,
      })}`,
    );
    expect(mostInAMinute(starts(all))).toBeLessThanOrEqual(MOST);
    expect(mostInAMinute(starts(calm))).toBeGreaterThanOrEqual(54);
    // Each pod got something, and no answer is anything but a success or the limit.
    for (const { ok, refused, other } of answered) {
      expect(ok).toBeGreaterThan(3);
      expect([refused >= 0, other]).toEqual([true, []]);
    }
    expect(starts(lost).length).toBeGreaterThan(0);
    await expectGivenBack(fleet);
  },
);

/** A pod that stops gives its share back; what it used in the last minute counts on. */
async function expectGivenBack(fleet: TestFleet): Promise<void> {
  const stopping = fleet.pod(2);
  const rowOf = async (): Promise<readonly string[]> => {
    const text = (await fleet.store.hget(KEYS.limits, `rpm:${MODEL}`)) ?? '';
    return (text.split(';').find((row) => row.startsWith(`${stopping.id} `)) ?? '').split(' ');
  };
  expect(Number((await rowOf())[2])).toBeGreaterThan(0);
  expect((await stopping.stop()).code).toBe(0);
  const [, , share, used] = await rowOf();
  expect([share, Number(used) > 0]).toEqual(['0', true]);
}

/** Most within any 60 s. */
function mostInAMinute(starts: readonly number[]): number {
  return Math.max(0, ...starts.map((at) => starts.filter((one) => one >= at && one < at + MINUTE_MS).length));
}

function answeredBy({ answers }: Load): { ok: number; refused: number; other: readonly number[] } {
  const count = (wanted: number): number => answers.filter(({ status }) => status === wanted).length;
  const other = answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 429);
  return { ok: count(200), refused: count(429), other };
}
