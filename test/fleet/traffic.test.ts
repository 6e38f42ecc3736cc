import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { seeded } from '../support/routing.ts';
import {
  ANSWER_MS,
  DYING,
  epochMs,
  gapsOf,
  harmOf,
  isInAll,
  kill,
  observe,
  PER_SECOND,
  PODS,
  revive,
  shareOf,
  startsOf,
  STAYING,
  trafficFleet,
  waitedMs,
} from './harness/index.ts';
import type { Death, Harm, TestFleet, TrafficFleet } from './harness/index.ts';
import { isProof } from '../support/proof.ts';

// Three pods forward 60 requests per second to two deployments. Figures are printed: they are what an outage costs.

const FIRST_BYTE_S = 2;
const OUTAGE_MS = 5_000;
/** Requests that may meet a dead deployment, those in flight at its death apart. */
const MOST_MET = 5;
/**
 * Each step from a failure to the verdict in all pods takes milliseconds. On a machine so busy that one process waited for this long
 * meanwhile, requests arrive in bursts of several before the pod has read the first failure.
 */
const BUSY_MS = 150;
const MOST_MET_BUSY = 15;
/** How long requests fail by chance. */
const CHANCE_MS = 300_000;
const gateway = { first_byte_timeout: FIRST_BYTE_S };

describe('a deployment that dies under load costs no caller an error, and few requests a second attempt', () => {
  it.for<Death>(['refused', 'reset', '500', 'hang'])('%s', async (death, test) => {
    const running = await trafficFleet(test, { fleetHealth: { gateway } });
    const { harm, lateStarts, waitedMs: waited } = await outage(running, death);
    // A hang shows only when the limit of the first byte has passed. Until then every request may go there.
    const met = death === 'hang' ? lateStarts : harm.met;
    expect(met).toBeLessThanOrEqual(waited < BUSY_MS ? MOST_MET : MOST_MET_BUSY);
    expect(harm.errors).toEqual([]);
    expect(harm.answers).toBeGreaterThan((PER_SECOND * OUTAGE_MS) / 2_000);
  });
});

it.runIf(isProof)(
  'a deployment that recovers gets its traffic back slowly, and its whole share within 30 s',
  async (test) => {
    const running = await trafficFleet(test, { interval: 6 });
    const { fleet, load } = running;
    await outage(running, '500');
    const revivedAt = await revive(fleet);
    await until(async () => await isInAll(fleet, 'up'), { withinMs: 30_000, what: 'the deployment to be up' });
    const upAt = epochMs();
    await observe(38_000);
    const share = (fromS: number, toS: number): number =>
      shareOf(load.answers, { from: upAt + fromS * 1_000, to: upAt + toS * 1_000 });
    const shares = [share(0, 5), share(5, 15), share(15, 25), share(30, 38)].map((one) => Number(one.toFixed(2)));
    print('recovery', { knownAfterMs: upAt - revivedAt, 'share 0-5 5-15 15-25 30-38 s': shares });
    expect(shares[0]).toBeLessThan(0.2);
    expect(shares[2]).toBeGreaterThan(shares[0] ?? 1);
    expect(shares[3]).toBeGreaterThan(0.38);
    expect(load.answers.filter(({ status }) => status !== 200)).toEqual([]);
  },
);

it.runIf(isProof)(
  'one request in a hundred that fails by chance takes no deployment down in five minutes',
  { timeout: CHANCE_MS + 60_000 },
  async (test) => {
    const random = seeded(14);
    let [requests, failures] = [0, 0];
    const started: { fleet?: TestFleet } = {};
    const { fleet, load } = await trafficFleet(test, {
      // Of both deployments, and of probes as of requests.
      onRequest: (model) => {
        const fails = random.next() < 0.01;
        requests += 1;
        failures += fails ? 1 : 0;
        started.fleet?.upstream.set(model, fails ? { kind: 'status', status: 500 } : { kind: 'slow', ms: ANSWER_MS });
      },
    });
    started.fleet = fleet;
    [requests, failures] = [0, 0];
    const span = await observe(CHANCE_MS);
    const { errors, answers } = harmOf(load, span);
    const lines = fleet.pods.flatMap((pod) => pod.lines(/is down|is suspect|Avoiding/));
    const probes = [DYING, STAYING].flatMap((model) => startsOf(fleet.upstream, model, span)).length;
    print('chance failures', { requests, failures, answers, errors, probes, suspicions: lines.length });
    expect(failures).toBeGreaterThan(5);
    expect(lines.filter((line) => line.includes('is down'))).toEqual([]);
    expect(errors).toEqual([]);
  },
);

it.runIf(isProof)(
  'successes replace paid probes for four intervals at a time, and probing resumes when traffic stops',
  async (test) => {
    const intervalMs = 4_000;
    const { fleet, load } = await trafficFleet(test, { interval: intervalMs / 1_000 });
    const span = await observe(10 * intervalMs);
    const steady = [DYING, STAYING].map((model) => startsOf(fleet.upstream, model, span));
    await load.stop();
    const stoppedAt = epochMs();
    const { to } = await observe(2 * intervalMs);
    const resumedMs = [DYING, STAYING].map((model) => {
      return (startsOf(fleet.upstream, model, { from: stoppedAt, to })[0] ?? Infinity) - stoppedAt;
    });
    const gaps = steady.map((starts) => gapsOf(starts).map((gap) => gap / intervalMs));
    print('probes', { 'in 10 intervals': steady.map(({ length }) => length), gaps, resumedMs });
    // Two or three are due. Another one comes where a probe takes seconds on a busy machine.
    for (const starts of steady) expect(starts.length).toBeLessThanOrEqual(4);
    // Half an interval to one and a half after the newest evidence, as after any: to the target's own place in the grid.
    for (const ms of resumedMs) expect(ms).toBeLessThanOrEqual(1.5 * intervalMs + 500);
  },
);

describe.each<Blow>([
  { name: 'is killed', begin: async ({ redis }) => await redis.kill() },
  { name: 'hangs', begin: ({ redis }) => redis.pause() },
])('while Redis $name', ({ name, begin }) => {
  it('a deployment that was down before stays avoided', async (test) => {
    const running = await trafficFleet(test, { fleetHealth: { gateway } });
    const { fleet, load } = running;
    await outage(running, '500');
    const from = epochMs();
    await begin(fleet);
    await until(async () => await isFallback(fleet), { withinMs: 10_000, what: 'every pod to fall back' });
    const { to } = await observe(OUTAGE_MS);
    const harm = harmOf(load, { from, to });
    print(`Redis ${name} after the outage began`, harm);
    expect(harm).toMatchObject({ met: 0, errors: [] });
  });

  it.runIf(isProof)('each pod finds a deployment that dies by its own requests', async (test) => {
    const running = await trafficFleet(test, { fleetHealth: { gateway } });
    await begin(running.fleet);
    await until(async () => await isFallback(running.fleet), { withinMs: 10_000, what: 'every pod to fall back' });
    const from = await kill(running.fleet, '500');
    const { to } = await observe(2 * OUTAGE_MS);
    const harm = harmOf(running.load, { from, to });
    print(`the outage began after Redis ${name}`, harm);
    // Two failures in each pod, and one trial after its ejection of 5 s.
    expect(harm.met).toBeLessThanOrEqual(3 * PODS);
    expect(harm.errors).toEqual([]);
  });
});

interface Blow {
  readonly name: string;
  readonly begin: (fleet: TestFleet) => Promise<void> | void;
}

async function isFallback({ pods }: TestFleet): Promise<boolean> {
  return (await Promise.all(pods.map(async (pod) => await pod.fleet()))).every(({ mode }) => mode === 'fallback');
}

interface Outage {
  readonly harm: Harm;
  /** Attempts that began after the first one had waited for the limit of the first byte. */
  readonly lateStarts: number;
  /** Longest time that one of the processes waited for a processor until all pods knew. */
  readonly waitedMs: number;
}

/** Lets the deployment die, and waits until all pods know it; then watches for a while. */
async function outage({ fleet, load }: TrafficFleet, death: Death): Promise<Outage> {
  const { upstream } = fleet;
  const processes = ['self' as const, ...fleet.pods.map(({ pid }) => pid)];
  const before = processes.map(waitedMs);
  const from = await kill(fleet, death);
  await until(async () => await isInAll(fleet, 'down'), { withinMs: 20_000, what: 'all pods to know', everyMs: 50 });
  const downMs = epochMs() - from;
  const waited = Math.max(...processes.map((one, i) => waitedMs(one) - (before[i] ?? 0)));
  const { to } = await observe(OUTAGE_MS);
  const harm = harmOf(load, { from, to });
  const starts = upstream.model(DYING).traffic.starts.filter((at) => at >= from);
  const lateStarts = starts.filter((at) => at > (starts[0] ?? from) + FIRST_BYTE_S * 1_000).length;
  const probes = startsOf(upstream, DYING, { from, to }).length;
  print(`outage: ${death}`, {
    ...harm,
    atUpstream: starts.length,
    lateStarts,
    knownToAllAfterMs: downMs,
    probes,
    waited,
  });
  return { harm, lateStarts, waitedMs: waited };
}

function print(what: string, figures: object): void {
  const round = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value;
  console.log(`${what}: ${JSON.stringify(figures, round)}`);
}
