import { expect, it } from 'vitest';
import { until } from './until.ts';

it('answers the first truthy value', async () => {
  let looks = 0;
  const value = await until(() => (++looks === 3 ? { looks } : undefined), { withinMs: 1_000, what: 'third look' });
  expect(value).toEqual({ looks: 3 });
});

it('says what was awaited and what was last seen when the time is over', async () => {
  await expect(until(() => 0, { withinMs: 20, what: 'a probe' })).rejects.toThrow(
    'waited 20 ms for a probe; last seen: 0',
  );
});

it('outlives errors of the condition and shows the last one', async () => {
  let looks = 0;
  const flaky = (): boolean => {
    if (++looks < 3) throw new Error('not yet');
    return true;
  };
  await expect(until(flaky, { withinMs: 1_000, what: 'a start' })).resolves.toBe(true);
  const failing = (): boolean => {
    throw new Error('refused');
  };
  await expect(until(failing, { withinMs: 20, what: 'a start' })).rejects.toThrow('last seen: refused');
});
