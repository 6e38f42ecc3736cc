import { setTimeout as pass } from 'node:timers/promises';
import type { HealthBody } from '../../src/api/index.ts';
import { until } from '../../src/testing/index.ts';
import { added, bucketsOf, parseMetrics, quantile } from './metrics-text.ts';
import type { Samples } from './metrics-text.ts';
import { measureMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { askRedis } from './redis-info.ts';
import { cpuSeconds, residentMb, startStand } from './stand.ts';
import type { Stand } from './stand.ts';

export interface Shape {
  readonly pods: number;
  readonly targets: number;
  readonly intervalS: number;
  /** Length of the window that is counted, in intervals. */
  readonly intervals: number;
}

/** One case, measured. Durations in ms, memory in MB, rates per target and interval over the whole fleet. */
export interface Figures extends Shape, Machine {
  readonly probes: number;
  readonly probesLeast: number;
  readonly probesMost: number;
  readonly roundTrips: number;
  readonly roundTripsApart: number;
  readonly redisBytes: number;
  readonly propagationP50: number | null;
  readonly propagationP99: number | null;
  readonly propagationWithin: number | null;
  readonly changesSeen: number;
  readonly podCpuPercent: number;
  readonly podMb: number;
  readonly redisCpuPercent: number;
  readonly redisBytesPerTarget: number;
  readonly livenessMs: number;
}

interface Moment {
  readonly atMs: number;
  readonly pods: readonly Samples[];
  readonly podCpu: readonly number[];
  /** Resident memory of each pod, MB. */
  readonly podMb: readonly number[];
  readonly redisCpu: number;
  readonly redisBytes: number;
  /** Memory that Redis uses for the fleet's keys. */
  readonly recordBytes: number;
  readonly probes: ReadonlyMap<string, number>;
}

/** Measures calm weather for some intervals, then how fast changes of verdicts spread. */
export async function measure(shape: Shape, say: (line: string) => void): Promise<Figures> {
  const machine = await measureMachine(shape.pods);
  say('starting');
  const stand = await startStand(shape);
  try {
    // The first interval holds the first probes; the grid is regular after it.
    await pass(shape.intervalS * 1_000);
    const before = await look(stand);
    say(`counting for ${shape.intervals * shape.intervalS} s`);
    await pass(shape.intervals * shape.intervalS * 1_000);
    const after = await look(stand);
    say('changing verdicts');
    const flips = await propagation(stand, shape);
    return { ...machine, ...figuresOf({ shape, stand, before, after, flips }) };
  } finally {
    await stand.stop();
  }
}

async function look(stand: Stand): Promise<Moment> {
  const pods = await Promise.all(stand.pods.map(async (pod) => parseMetrics(await stand.ask(pod, '/metrics'))));
  const { models } = await stand.upstream.stats();
  const pid = stand.redis.pid ?? 0;
  return {
    atMs: performance.now(),
    pods,
    podCpu: stand.pods.map((pod) => cpuSeconds(pod.pid)),
    podMb: stand.pods.map((pod) => residentMb(pod.pid)),
    redisCpu: cpuSeconds(pid),
    redisBytes: await redisTraffic(stand),
    recordBytes: await keyMemory(stand),
    probes: new Map(Object.entries(models).map(([model, { probes }]) => [model, probes.count])),
  };
}

/** Breaks and mends up to ten models, three times: every change reaches every pod. */
async function propagation(stand: Stand, { pods, targets }: Shape): Promise<ReadonlyMap<number, number>> {
  const before = await Promise.all(stand.pods.map(async (pod) => parseMetrics(await stand.ask(pod, '/metrics'))));
  const models = Array.from({ length: Math.min(10, targets) }, (_, i) => `m${i}`);
  for (let round = 0; round < 3; round += 1) {
    for (const behaviour of [{ kind: 'status', status: 401 } as const, { kind: 'ok' } as const]) {
      // oxlint-disable-next-line no-await-in-loop -- one change after another
      for (const model of models) await stand.upstream.set(model, behaviour);
      const healthy = behaviour.kind === 'ok' ? targets : targets - models.length;
      // One pod after another, up to the first that does not see it: thirty long listings at once would delay the news.
      const allSee = async (): Promise<boolean> => {
        for (const pod of stand.pods) {
          // oxlint-disable-next-line no-await-in-loop -- see above
          const { healthy_count: count } = JSON.parse(await stand.ask(pod, '/health')) as HealthBody;
          if (count !== healthy) return false;
        }
        return true;
      };
      // oxlint-disable-next-line no-await-in-loop -- see above
      await until(allSee, { withinMs: 180_000, everyMs: 500, what: `${healthy} healthy models in ${pods} pods` });
    }
  }
  const after = await Promise.all(stand.pods.map(async (pod) => parseMetrics(await stand.ask(pod, '/metrics'))));
  return bucketsOf(
    after.map((samples, i) => ({ before: before[i] ?? new Map(), after: samples })),
    'allswell_propagation_seconds',
  );
}

function figuresOf({
  shape,
  stand,
  before,
  after,
  flips,
}: {
  shape: Shape;
  stand: Stand;
  before: Moment;
  after: Moment;
  flips: ReadonlyMap<number, number>;
}): Omit<Figures, keyof Machine> {
  const seconds = (after.atMs - before.atMs) / 1_000;
  // By the clock: reading thirty pods takes a moment that belongs to the window too.
  const intervals = seconds / shape.intervalS;
  const units = shape.targets * intervals;
  const counted = [...after.probes].map(([model, count]) => count - (before.probes.get(model) ?? 0));
  const sum = (pattern: RegExp): number =>
    after.pods.reduce((total, samples, i) => total + added(before.pods[i] ?? new Map(), samples, pattern), 0);
  const commands = (names: string): number =>
    sum(new RegExp(`^allswell_store_command_seconds_count\\{.*command="(${names})"`));
  const ms = (value: number | null): number | null => (value === null ? null : value * 1_000);
  return {
    ...shape,
    probes: counted.reduce((a, b) => a + b, 0) / units,
    probesLeast: Math.min(...counted) / intervals,
    probesMost: Math.max(...counted) / intervals,
    roundTrips: commands('claim|renew|commit') / units,
    roundTripsApart: commands('heartbeat|time|read-records|read-leases|read-targets|write-targets') / units,
    redisBytes: (after.redisBytes - before.redisBytes) / units,
    propagationP50: ms(quantile(flips, 0.5)),
    propagationP99: ms(quantile(flips, 0.99)),
    propagationWithin: ms(quantile(flips, 1)),
    changesSeen: flips.get(Number.POSITIVE_INFINITY) ?? 0,
    podCpuPercent: mean(stand.pods.map((_, i) => (((after.podCpu[i] ?? 0) - (before.podCpu[i] ?? 0)) / seconds) * 100)),
    podMb: mean(after.podMb),
    redisCpuPercent: ((after.redisCpu - before.redisCpu) / seconds) * 100,
    redisBytesPerTarget: after.recordBytes / shape.targets,
    livenessMs: stand.pods[0]?.livenessMs ?? 0,
  };
}

async function redisTraffic({ redis }: Stand): Promise<number> {
  const info = await askRedis(redis.port, 'INFO stats');
  return Number(/total_net_input_bytes:(\d+)/.exec(info)?.[1]) + Number(/total_net_output_bytes:(\d+)/.exec(info)?.[1]);
}

async function keyMemory({ redis }: Stand): Promise<number> {
  const keys = ['records', 'leases', 'pods'].map((name) => `allswell:{default}:${name}`);
  const sizes = await Promise.all(keys.map(async (key) => await askRedis(redis.port, `MEMORY USAGE ${key} SAMPLES 0`)));
  return sizes.reduce((sum, answer) => sum + Number(/:(\d+)/.exec(answer)?.[1] ?? 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}
