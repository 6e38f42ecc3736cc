import { beforeAll, describe, expect, it } from 'vitest';
import { allJudged, allMet, expectCalm, gapsOf, modelNames, observe, sharedFleet, startsOf } from './harness/index.ts';
import type { Span, TestFleet } from './harness/index.ts';

// Default TTLs throughout: results are kept for 300 s and the lock for 60 s, and the interval still rules.
const INTERVAL_MS = 2_000;
const INTERVALS = 15;
const models = modelNames(5);

// Both fleets are watched in the same window, each with a Redis and an upstream of its own.
let window: Span | undefined;
const fleets = [3, 8].map((pods) => ({
  pods,
  fleet: sharedFleet({ pods, models }, async (started) => {
    // Long enough to tell the start of a probe from its end.
    started.upstream.set('*', { kind: 'slow', ms: 50 });
    await allMet(started, pods);
    await allJudged(started);
  }),
}));
beforeAll(async () => {
  await observe(1.5 * INTERVAL_MS);
  window = await observe(INTERVALS * INTERVAL_MS);
});

describe.each(fleets)('a calm fleet of $pods pods', ({ fleet }) => {
  it('fault: interval shorter than the tick, results cached for longer: one probe per target and interval, evenly', () => {
    if (window === undefined) throw new Error('nothing was watched');
    expectCalm({ upstream: fleet().upstream, models, intervalMs: INTERVAL_MS, span: window });
    expectFirstGaps(fleet());
  });

  it('fault: readers stamp old results as new: no pod shows evidence as younger than the probe behind it', async () => {
    const answers = await Promise.all(
      fleet().pods.map(async (pod) => {
        const reply = await pod.get('/fleet');
        return { reply, body: JSON.parse(reply.text) as Awaited<ReturnType<typeof pod.fleet>> };
      }),
    );
    for (const { reply, body } of answers) {
      for (const { model, checked_at: checkedAt, state } of body.targets) {
        expect(state).toBe('up');
        // The newest probe that had arrived when the answer was whole: evidence is dated before it, to the millisecond.
        const newest = startsOf(fleet().upstream, model!.replace('openai/', '')).findLast(
          (at) => at <= reply.answeredAt,
        );
        expect(Date.parse(checkedAt ?? '')).toBeLessThanOrEqual(newest ?? 0);
      }
    }
  });

  it('probes only on schedule', async () => {
    const metrics = await Promise.all(fleet().pods.map((pod) => pod.metrics()));
    const reasons = metrics.flatMap((text) => [...text.matchAll(/^allswell_probe_total\{reason="([^"]+)"/gm)]);
    expect(new Set(reasons.map(([, reason]) => reason))).toEqual(new Set(['scheduled']));
  });
});

/** The first gap leads from the start to the grid: half to one and a half intervals, as late as any probe may be. */
function expectFirstGaps({ upstream }: TestFleet): void {
  for (const model of models) {
    const [first = 0] = gapsOf(startsOf(upstream, model)).map((gap) => gap / INTERVAL_MS);
    expect(first, `${model}: first gap`).toBeGreaterThanOrEqual(0.5 - LATENESS);
    expect(first, `${model}: first gap`).toBeLessThanOrEqual(1.5 + LATENESS);
  }
}

const LATENESS = 0.2;
