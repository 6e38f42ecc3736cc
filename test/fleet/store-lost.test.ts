import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  epochMs,
  expectCalm,
  longestSilence,
  modelNames,
  observe,
  quantile,
  recordedIn,
  rowsOf,
  sharedFleet,
  startSampler,
  startsOf,
  sumOf,
  summary,
} from './harness/index.ts';
import type { Sample, Sampler, Span, TestFleet } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const CALM_MS = 6_000;
const LOSS_MS = 30_000;
const PODS = 3;
const models = modelNames(5);

// One fleet suffers everything in turn; its answers are timed, so what the machine makes them wait is left out.
describe('a fleet whose Redis', () => {
  let calm: Span | undefined;
  let sampler: Sampler | undefined;
  const fleet = sharedFleet({ pods: PODS, models }, async (started) => {
    await allMet(started, PODS);
    await allJudged(started);
    await observe(1.5 * INTERVAL_MS);
    sampler = startSampler({ pods: started.pods, everyMs: 20 });
    calm = await observe(CALM_MS);
  });
  afterAll(async () => await sampler?.stop());

  describe.each<Blow & { name: string }>([
    {
      name: 'is killed for half a minute, and comes back empty',
      begin: async ({ redis }) => await redis.kill(),
      end: async ({ redis }) => await redis.restart(),
    },
    {
      name: 'hangs for half a minute without closing a socket',
      begin: ({ redis }) => redis.pause(),
      end: ({ redis }) => redis.resume(),
    },
  ])('$name', (blow) => {
    let seen: Loss | undefined;
    beforeAll(async () => {
      seen = await lose(fleet(), blow);
    });

    it('says so in every pod as long as it lasts, and shares again within one interval', async () => {
      const { said, back } = must(seen);
      expect(said.every(({ available, mode }) => !available && mode === 'fallback')).toBe(true);
      expect(back).toEqual(fleet().pods.map(() => ({ available: true, mode: 'shared' })));
    });

    it('is probed as in calm weather, by all pods together, and once per interval again afterwards', () => {
      expectSteadyProbes(must(seen));
      expectCalm({ upstream: fleet().upstream, models, intervalMs: INTERVAL_MS, span: must(seen).after });
    });

    it('fault: Redis stops answering and everything hangs while liveness is green: every answer is as swift as before', () => {
      expectSwiftAnswers(must(seen), { sampler: must(sampler), calm: must(calm) });
    });

    it('fault: the breaker never opens, or opens and floods the logs: nothing is asked for, and each pod says one line', () => {
      const { claims, lines, errors } = must(seen);
      expect(claims).toBe(0);
      // One trial per half second and pod, and the attempts to hear the channel again.
      expect(errors).toBeLessThanOrEqual((PODS * LOSS_MS) / 250);
      const loud = lines.filter((line) => / (WARNING|ERROR): /.test(line));
      // It came back empty: that is another line, once in each pod.
      const [lost, fallback] = [/ WARNING: Redis lost its data/, / WARNING: Falling back to local health checks/];
      expect(loud.filter((line) => fallback.test(line))).toHaveLength(PODS);
      expect(loud.filter((line) => lost.test(line)).length).toBeLessThanOrEqual(PODS);
      expect(loud.filter((line) => !lost.test(line) && !fallback.test(line))).toEqual([]);
      expect(lines.filter((line) => line.includes('Sharing health again'))).toHaveLength(PODS);
    });
  });

  it.for([
    { name: 'restarts empty at once', blow: async ({ redis }: TestFleet) => await redis.restart() },
    { name: 'is flushed', blow: async ({ store }: TestFleet) => void (await store.flushall()) },
  ])('$name: nothing is forgotten, nothing is probed twice', async ({ blow }) => {
    const wrong: string[] = [];
    const look = ({ body }: Sample): void => {
      wrong.push(...rowsOf(body).flatMap(({ model, state }) => (state === 'up' ? [] : [`${model} is ${state}`])));
    };
    const watch = startSampler({ pods: fleet().pods, everyMs: 20, look });
    const from = epochMs();
    await blow(fleet());
    await until(async () => (await recordedIn(fleet().store)).length === models.length, {
      withinMs: 2 * INTERVAL_MS,
      what: 'all records to be there again',
    });
    await observe(INTERVAL_MS);
    const after = await observe(3 * INTERVAL_MS);
    await watch.stop();
    expectCalm({ upstream: fleet().upstream, models, intervalMs: INTERVAL_MS, span: after });
    for (const model of models) {
      expect(longestSilence(fleet().upstream, model, { from, to: after.to })).toBeLessThanOrEqual(2 * INTERVAL_MS);
    }
    expect(wrong).toEqual([]);
    const epochs = await Promise.all(fleet().pods.map(async (pod) => (await pod.sharedStatus()).status!.epoch));
    expect(new Set(epochs).size).toBe(1);
  });

  it('fault: readiness tied to a shared cause removes every pod: without Redis and with all upstreams down, all are ready', async () => {
    for (const model of models) fleet().upstream.set(model, { kind: 'reset' });
    await fleet().redis.kill();
    const allDown = async (): Promise<boolean> => {
      const bodies = await Promise.all(fleet().pods.map((pod) => pod.health()));
      return bodies.every(({ unhealthy_count: bad, mode }) => bad === models.length && mode === 'fallback');
    };
    await until(allDown, { withinMs: 10 * INTERVAL_MS, what: 'every target to be down in every pod', everyMs: 100 });
    expect(new Set(await readinessOf(fleet()))).toEqual(new Set([200]));
  });
});

interface Loss {
  readonly fleet: TestFleet;
  readonly lost: Span;
  readonly after: Span;
  /** What every pod said of itself, once per second while the store was lost. */
  readonly said: readonly Said[];
  /** The same one interval after the store's return. */
  readonly back: readonly Said[];
  readonly readiness: readonly number[];
  /** How often leases were asked for meanwhile, and how many commands failed. */
  readonly claims: number;
  readonly errors: number;
  /** What the pods printed since. */
  readonly lines: readonly string[];
}

interface Said {
  readonly available: boolean;
  readonly mode: string;
}

interface Blow {
  readonly begin: (fleet: TestFleet) => Promise<void> | void;
  readonly end: (fleet: TestFleet) => Promise<void> | void;
}

/** Takes the store away for half a minute and watches before, meanwhile and afterwards. */
async function lose(fleet: TestFleet, { begin, end }: Blow): Promise<Loss> {
  const printed = new Map(fleet.pods.map((pod) => [pod.name, pod.log().length]));
  const from = epochMs();
  await begin(fleet);
  const inFallback = async (): Promise<boolean> => (await saidBy(fleet)).every(({ mode }) => mode === 'fallback');
  // A hang shows by a ping or a claim that is due, 2 s at most; then there is a second of grace.
  await until(inFallback, { withinMs: 2 * INTERVAL_MS, what: 'every pod to fall back', everyMs: 50 });
  const before = await commandsOf(fleet);
  const [said, readiness]: [Said[], number[]] = [[], []];
  while (epochMs() < from + LOSS_MS) {
    await observe(1_000);
    said.push(...(await saidBy(fleet)));
    readiness.push(...(await readinessOf(fleet)));
  }
  const since = await commandsOf(fleet);
  const [claims, errors] = [since.claims - before.claims, since.errors - before.errors];
  await end(fleet);
  const to = epochMs();
  // Sharing again is due within one interval.
  await observe(INTERVAL_MS);
  const back = await saidBy(fleet);
  const after = await observe(3 * INTERVAL_MS);
  const lines = fleet.pods.flatMap((pod) => pod.log().slice(printed.get(pod.name)).split('\n'));
  return { fleet, lost: { from, to }, after, said, back, readiness, claims, errors, lines };
}

/** Never twice as many as in calm weather, and no target alone for more than two intervals. */
function expectSteadyProbes({ fleet: { upstream }, lost, after }: Loss): void {
  const calm = (models.length * (lost.to - lost.from)) / INTERVAL_MS;
  const count = models.reduce((sum, model) => sum + startsOf(upstream, model, lost).length, 0);
  console.log(`probes while the store was lost: ${count}, in calm weather ${calm.toFixed(1)}`);
  expect(count).toBeLessThanOrEqual(2 * calm);
  for (const model of models) {
    const silence = longestSilence(upstream, model, { from: lost.from, to: after.to });
    expect(silence, `${model} without a probe`).toBeLessThanOrEqual(2 * INTERVAL_MS);
  }
}

/** As fast as before the loss, whatever was asked for. */
function expectSwiftAnswers(
  { lost, after, readiness }: Loss,
  { sampler, calm }: { sampler: Sampler; calm: Span },
): void {
  const before = sampler.durations(calm);
  const whole = { from: lost.from, to: after.to };
  const since = sampler.durations(whole);
  console.log(`/health in calm weather: ${summary(before)}; since the loss: ${summary(since)}`);
  console.log(`slowest since the loss: ${sampler.slowest(whole)}`);
  expect(quantile(since, 0.99)).toBeLessThanOrEqual(quantile(before, 0.99) + 20);
  expect(Math.max(...since), sampler.slowest(whole)).toBeLessThanOrEqual(100);
  expect(new Set(readiness)).toEqual(new Set([200]));
}

async function saidBy(fleet: TestFleet): Promise<Said[]> {
  const answers = await Promise.all(fleet.pods.map((pod) => pod.sharedStatus()));
  return answers.map(({ status }) => ({ available: status!.redis_available, mode: status!.mode }));
}

async function readinessOf(fleet: TestFleet): Promise<number[]> {
  const paths = ['/health/readiness', '/health/liveliness', '/health/liveness', '/v1/models'];
  const asked = fleet.pods.flatMap((pod) => paths.map((path) => pod.get(path)));
  return (await Promise.all(asked)).map(({ status }) => status);
}

async function commandsOf(fleet: TestFleet): Promise<{ claims: number; errors: number }> {
  const texts = await Promise.all(fleet.pods.map((pod) => pod.metrics()));
  const sum = (series: RegExp): number => texts.reduce((total, text) => total + sumOf(text, series), 0);
  return {
    claims: sum(/^allswell_store_command_seconds_count\{command="claim"\}/),
    errors: sum(/^allswell_store_errors_total\{/),
  };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there yet');
  return value;
}
