import { expect, it } from 'vitest';
import { newPodId } from './pod-id.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

it('a hundred pods that start in the same millisecond all have their own identity', () => {
  const clock = { wallMs: () => 1_795_348_661_000 };
  const ids = Array.from({ length: 100 }, () => newPodId(clock, systemRandom));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^pod_1795348661000_[a-z0-9]{6}$/);
});

it('a pod is named for the time it started', () => {
  const before = Date.now();
  const startedAt = Number(newPodId(systemClock, systemRandom).split('_')[1]);
  expect(startedAt).toBeGreaterThanOrEqual(before);
  expect(startedAt).toBeLessThanOrEqual(Date.now());
});
