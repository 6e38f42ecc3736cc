import { setTimeout as pass } from 'node:timers/promises';
import { until } from '../../src/testing/index.ts';
import { startChild } from './child.ts';
import type { Child, Numbers } from './child.ts';
import { startMeasuredRedis } from './server.ts';
import type { RedisUse } from './server.ts';

export interface RealShape {
  readonly pods: number;
  readonly coordinators: number;
  readonly targets: number;
  readonly intervalMs: number;
  /** How long each stretch of weather is watched. */
  readonly seconds: number;
}

/** What was seen while something went on. */
export interface Stretch {
  readonly name: string;
  readonly redis: RedisUse;
  readonly heartbeats: Numbers;
  /** Longest blocks of any coordinator's event loop, and the processor that one took on average. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly cpuPercent: number;
}

export interface RealFleet {
  readonly shape: RealShape;
  readonly stretches: readonly Stretch[];
  /** What is special about this measurement. */
  readonly note?: string;
}

const JOIN_MS = 15_000;
const BOOT_WINDOW_MS = 30_000;

/** Plays weather with real processes on a real Redis: members that beat, then coordinators among them. */
export async function realFleet(shape: RealShape, say: (line: string) => void): Promise<RealFleet> {
  const redis = await startMeasuredRedis();
  const members = startChild('members.ts');
  const coordinators: Child[] = [];
  const { port } = redis.server;
  const watched = async (name: string, work: () => Promise<unknown>): Promise<Stretch> => {
    await Promise.all([members, ...coordinators].map(async (child) => await child.ask('seen')));
    await redis.use();
    await work();
    const seen = await Promise.all(coordinators.map(async (child) => await child.ask('seen')));
    const most = (key: string): number => Math.max(0, ...seen.map((numbers) => numbers[key] ?? 0));
    const cpuPercent = seen.reduce((sum, numbers) => sum + (numbers['cpuPercent'] ?? 0), 0) / Math.max(1, seen.length);
    say(name);
    const heartbeats = await members.ask('seen');
    return { name, redis: await redis.use(), heartbeats, wallMs: most('wallMs'), cpuMs: most('cpuMs'), cpuPercent };
  };
  const stretches: Stretch[] = [];
  const wait = async (): Promise<void> => await pass(shape.seconds * 1000);
  try {
    const count = shape.pods - shape.coordinators;
    await members.ask('start', { port, count, overMs: JOIN_MS });
    await until(async () => (await members.ask('seen'))['fewestKnown'] === count, {
      withinMs: 180_000,
      everyMs: 500,
      what: 'every member to know all others',
    });
    stretches.push(await watched('members alone, calm', wait));
    stretches.push(
      await watched('coordinators start and judge every target', async () => {
        for (let number = 1; number <= shape.coordinators; number += 1) {
          const child = startChild('coordinator.ts');
          coordinators.push(child);
          const { targets, intervalMs } = shape;
          // oxlint-disable-next-line no-await-in-loop -- one pod starts after the other
          await child.ask('start', { port, number, targets, intervalMs, bootWindowMs: BOOT_WINDOW_MS });
        }
        await pass(BOOT_WINDOW_MS + 15_000);
      }),
    );
    await until(async () => await allUp(coordinators, shape.targets), {
      withinMs: 180_000,
      everyMs: 1_000,
      what: 'every coordinator to know every target',
    });
    stretches.push(await watched('calm', wait));
    stretches.push(
      await watched(
        'one member leaves and one comes each second',
        async () => await churn(members, port, shape.seconds),
      ),
    );
    stretches.push(
      await watched('a hundred members die, then a hundred come', async () => {
        await members.ask('end', { count: 100, silently: 1 });
        await wait();
        await members.ask('start', { port, count: 100, overMs: 1_000 });
        await wait();
      }),
    );
  } finally {
    await Promise.all(coordinators.map(async (child) => await child.stop()));
    await members.stop();
    await redis.stop();
  }
  return { shape, stretches };
}

async function churn(members: Child, port: number, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one a second
    await members.ask('end', { count: 1, silently: 0 });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await members.ask('start', { port, count: 1, overMs: 0 });
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pass(1_000);
  }
}

async function allUp(coordinators: readonly Child[], targets: number): Promise<boolean> {
  const seen = await Promise.all(coordinators.map(async (child) => await child.ask('seen')));
  return seen.every(({ up, shared }) => up === targets && shared === 1);
}
