import { expect, it } from 'vitest';
import { createEventProblems } from './event-problems.ts';

it('counts problems with events by kind, until ten minutes after the last one', () => {
  let minutes = 0;
  const problems = createEventProblems(() => minutes * 60_000_000);
  const seen = (): unknown => problems.recent().map(({ kind, count, what }) => [kind, count, what]);
  expect(seen()).toEqual([]);
  problems.add('refused', 1, 'no key');
  problems.add('unknown', 2, 'm8');
  minutes = 9;
  problems.add('refused', 1, 'another key');
  expect(seen()).toEqual([
    ['refused', 2, 'another key'],
    ['unknown', 2, 'm8'],
  ]);
  minutes = 10;
  expect(seen()).toEqual([['refused', 2, 'another key']]);
  minutes = 19;
  expect(seen()).toEqual([]);
  problems.add('refused', 1, 'no key');
  expect(seen()).toEqual([['refused', 1, 'no key']]);
});
