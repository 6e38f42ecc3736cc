import { expect, it } from 'vitest';
import { manualClock } from './manual-clock.ts';

it('runs timers in the order of their time, each at its own time', () => {
  const clock = manualClock();
  const rang: string[] = [];
  clock.setTimer(20, () => rang.push(`b at ${clock.monotonicMs()}`));
  clock.setTimer(10, () => rang.push(`a at ${clock.monotonicMs()}`));
  clock.setTimer(20, () => rang.push(`c at ${clock.monotonicMs()}`));
  clock.advance(30);
  expect(rang).toEqual(['a at 10', 'b at 20', 'c at 20']);
  expect(clock.monotonicMs()).toBe(30);
});

it('runs timers set by timers when they fall into the same move', () => {
  const clock = manualClock();
  const rang: number[] = [];
  const again = (): void => {
    rang.push(clock.monotonicMs());
    clock.setTimer(10, again);
  };
  clock.setTimer(10, again);
  clock.advance(35);
  expect(rang).toEqual([10, 20, 30]);
  expect(clock.pending()).toBe(1);
});

it('forgets a cancelled timer, and cancelling twice is harmless', () => {
  const clock = manualClock();
  const timer = clock.setTimer(10, () => expect.unreachable());
  timer.cancel();
  timer.cancel();
  clock.advance(20);
  expect(clock.pending()).toBe(0);
});

it('steps wall time without touching monotonic time', () => {
  const clock = manualClock({ wallMs: 1_000 });
  clock.advance(5);
  clock.stepWall(-500);
  expect([clock.wallMs(), clock.monotonicMs()]).toEqual([505, 5]);
});
