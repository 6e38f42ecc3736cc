import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { TimeSlicedQueue } from './time-sliced-queue.ts';

const ids = Array.from({ length: 1_000 }, (_, index) => `t${index}`);

/** Slices whose work takes so long per target, and how many targets each slice did. */
function bench(workMs: number) {
  const manual = manualClock();
  let busyMs = 0;
  const clock = { ...manual, monotonicMs: () => manual.monotonicMs() + busyMs };
  const done: string[] = [];
  const slices = new TimeSlicedQueue(clock, (id) => {
    busyMs += workMs;
    done.push(id);
  });
  return { manual, slices, done };
}

describe('work in slices', () => {
  it('is done in order, the first slice at once', () => {
    const { manual, slices, done } = bench(0);
    slices.add(ids);
    expect(done).toHaveLength(250);
    manual.advance(3);
    expect(done).toEqual(ids);
    expect(manual.pending()).toBe(0);
  });

  it('stops for others after ten milliseconds (a membership change blocked the loop for 0.8 s)', () => {
    const { manual, slices, done } = bench(1);
    slices.add(ids);
    expect(done).toHaveLength(10);
    manual.advance(1);
    expect(done).toHaveLength(20);
    manual.advance(98);
    expect(done).toEqual(ids);
  });

  it('finishes its targets when the same ones are added meanwhile, then runs them again', () => {
    const { manual, slices, done } = bench(1);
    slices.add(ids.slice(0, 30));
    slices.add(ids.slice(0, 30));
    expect(done).toHaveLength(10);
    manual.advance(3);
    expect(done).toEqual([...ids.slice(0, 30), ...ids.slice(0, 10)]);
  });

  it('does no more once it is stopped', () => {
    const { manual, slices, done } = bench(1);
    slices.add(ids);
    slices.stop();
    slices.add(ids);
    manual.advance(1_000);
    expect(done).toHaveLength(10);
    expect(manual.pending()).toBe(0);
  });
});
