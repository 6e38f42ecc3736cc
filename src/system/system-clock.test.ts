import { expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import { steadyEpochUs, systemClock } from './system-clock.ts';

it('a timer runs once, and not at all when it was cancelled', async () => {
  let runs = 0;
  systemClock.setTimer(1, () => (runs += 1));
  const cancelled = systemClock.setTimer(1, () => (runs += 100));
  cancelled.cancel();
  cancelled.cancel();
  await until(() => runs > 0, { withinMs: 2_000, what: 'the timer' });
  expect(runs).toBe(1);
});

it('a delay longer than timers can keep does not fire at once', async () => {
  let fired = 0;
  const far = systemClock.setTimer(2 ** 40, () => (fired += 1));
  let passed = 0;
  systemClock.setTimer(20, () => (passed += 1));
  await until(() => passed > 0, { withinMs: 2_000, what: 'the shorter timer' });
  far.cancel();
  expect(fired).toBe(0);
});

it('the steady clock returns the time of day in microseconds', () => {
  const first = steadyEpochUs();
  expect(Math.abs(first / 1000 - Date.now())).toBeLessThan(60_000);
  expect(steadyEpochUs()).toBeGreaterThanOrEqual(first);
  expect(Number.isSafeInteger(first)).toBe(true);
});
