import { expect, it } from 'vitest';
import { clipLine, clipLines } from './clip.ts';

it('cuts by columns, not counting looks, and ends every look that it began', () => {
  expect(clipLine('short', 5)).toBe('short');
  expect(clipLine('\u001B[31mred and long\u001B[39m tail', 6)).toBe('\u001B[31mred a\u001B[39m…');
  expect(clipLine('abc', 0)).toBe('');
});

it('leaves the last row to the cursor, and says how many lines are missing', () => {
  const size = { columns: 40, rows: 4 };
  expect(clipLines(['a', 'b', 'c'], size, 'h')).toEqual(['a', 'b', 'c']);
  expect(clipLines(['a', 'b', 'c', 'd'], size, 'h')).toEqual(['a', 'b', '… 2 more lines: h']);
});
