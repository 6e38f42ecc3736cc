import { describe, expect, it } from 'vitest';
import { manualClock } from '../../testing/index.ts';
import type { ManualClock } from '../../testing/index.ts';
import type { ToWorker } from './messages.ts';
import { createWorkerSlot } from './worker-slot.ts';
import type { SpawnEvents, WorkerSlot } from './worker-slot.ts';

describe('a worker that ends', () => {
  it('is replaced soon, and ever later where it ends at once again and again', () => {
    const { clock, spawned, last } = started();
    const waits: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      last().exit('SIGSEGV');
      const [before, endedMs] = [spawned.length, clock.monotonicMs()];
      while (spawned.length === before) clock.advance(100);
      waits.push(clock.monotonicMs() - endedMs);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000]);
  });

  it('is replaced at once again after it ran for a minute', () => {
    const { clock, spawned, last, lines } = started();
    for (let round = 0; round < 5; round += 1) {
      last().exit('exit status 1');
      clock.advance(3_000);
    }
    clock.advance(60_000 - 3_000 + 2_000);
    // It says something every second.
    const before = spawned.length;
    last().message({ kind: 'ready' });
    last().exit('SIGKILL');
    clock.advance(100);
    expect(spawned).toHaveLength(before + 1);
    expect(lines.at(-1)).toMatch(/^error Worker 1 \(pid \d+\) ended unexpectedly \(SIGKILL\); .* starts in 0.1 s$/);
  });

  it('after it was asked to stop is not replaced', async () => {
    const { clock, slot, spawned, last } = started();
    const stopped = slot.stop(1_000);
    expect(last().sent).toEqual([{ kind: 'stop', drainMs: 1_000 }]);
    last().exit('exit status 0');
    await stopped;
    clock.advance(100_000);
    expect(spawned).toHaveLength(1);
  });
});

it('a worker that does not finish within the drain time is killed', async () => {
  const { clock, slot, last } = started();
  const stopped = slot.stop(1_000);
  clock.advance(2_999);
  expect(last().killed).toBe(false);
  clock.advance(1);
  expect(last().killed).toBe(true);
  last().exit('SIGKILL');
  await stopped;
});

it('a worker that is silent for thirty seconds is killed, and one that speaks is not', () => {
  const { clock, last } = started();
  for (let second = 0; second < 100; second += 1) {
    last().message({ kind: 'ready' });
    clock.advance(1_000);
  }
  expect(last().killed).toBe(false);
  clock.advance(31_000);
  expect(last().killed).toBe(true);
});

interface Spawned extends SpawnEvents {
  readonly sent: ToWorker[];
  killed: boolean;
}

interface Started {
  readonly clock: ManualClock;
  readonly slot: WorkerSlot;
  readonly spawned: readonly Spawned[];
  readonly lines: readonly string[];
  last(): Spawned;
}

function started(): Started {
  const clock = manualClock();
  const spawned: Spawned[] = [];
  const lines: string[] = [];
  const write = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const slot = createWorkerSlot({
    number: 1,
    clock,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    spawn: (events) => {
      const one: Spawned = { ...events, sent: [], killed: false };
      spawned.push(one);
      return {
        pid: spawned.length,
        send: (message) => void one.sent.push(message),
        kill: () => void (one.killed = true),
      };
    },
    message: () => undefined,
    ended: () => undefined,
    restarted: () => undefined,
  });
  return {
    clock,
    slot,
    spawned,
    lines,
    last: () => {
      const one = spawned.at(-1);
      if (one === undefined) throw new Error('nothing was started');
      return one;
    },
  };
}
