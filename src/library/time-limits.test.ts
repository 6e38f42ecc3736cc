import { expect, it } from 'vitest';
import { manualClock } from '../testing/index.ts';
import { createTimeLimits } from './time-limits.ts';

const CANCELLED: Readonly<Record<string, readonly number[]>> = {
  'the first': [0],
  'one between others': [1],
  'the last': [2],
  'all but one': [2, 0],
  'all of them': [0, 1, 2],
};

it.each(Object.entries(CANCELLED))('limits end in their order, without %s, which was cancelled', (_, cancelled) => {
  const clock = manualClock();
  const limits = createTimeLimits(clock, 100);
  const ended: string[] = [];
  const started = [0, 1, 2].map((at) => {
    clock.advance(10);
    return limits.start(() => void ended.push(`${at} at ${clock.monotonicMs() - startMs}`));
  });
  const startMs = clock.monotonicMs() - 30;
  // Safe to repeat.
  for (const at of [...cancelled, ...cancelled]) limits.cancel(started[at]!);
  for (let ms = 0; ms < 200; ms += 1) clock.advance(1);
  expect(ended).toEqual([0, 1, 2].filter((at) => !cancelled.includes(at)).map((at) => `${at} at ${110 + at * 10}`));
});

it('a limit may start and cancel others when it ends', () => {
  const clock = manualClock();
  const limits = createTimeLimits(clock, 100);
  const ended: string[] = [];
  limits.start(() => {
    ended.push('first');
    limits.cancel(second);
    limits.start(() => void ended.push('started by the first'));
  });
  const second = limits.start(() => void ended.push('second'));
  clock.advance(100);
  expect(ended).toEqual(['first']);
  limits.cancel(second);
  clock.advance(99);
  expect(ended).toEqual(['first']);
  clock.advance(1);
  expect(ended).toEqual(['first', 'started by the first']);
});
