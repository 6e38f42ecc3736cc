import { expect, it } from 'vitest';
import { createWaitingLines } from './run-dry-run.ts';

it('says after two seconds what is waited for, and then every five', () => {
  expect(said(13, ['openai/a'])).toEqual([2, 7, 12].map((second) => `${second}: Waiting for verdicts: openai/a`));
});

it('says nothing where nothing is waited for', () => {
  expect(said(13, [])).toEqual([]);
});

it.each([
  [['a', 'b', 'c'], 'a, b, c'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b and 3 more'],
  [['a', 'a', 'b', 'a', 'b'], 'a, b'],
])('names %j as %s', (models, names) => {
  expect(said(2, models)).toEqual([`2: Waiting for verdicts: ${names}`]);
});

/** What is said in so many seconds, with the second in which it is. */
function said(seconds: number, models: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let second = 0;
  const tell = createWaitingLines((line) => lines.push(`${second}: ${line}`));
  for (second = 1; second <= seconds; second += 1) tell(models);
  return lines;
}
