import { expect, it } from 'vitest';
import { parseUntil } from './holds-until.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z') * 1000;

it.each([
  ['90s', '2026-11-22T12:01:30.000Z'],
  ['30m', '2026-11-22T12:30:00.000Z'],
  [' 2h ', '2026-11-22T14:00:00.000Z'],
  ['7d', '2026-11-29T12:00:00.000Z'],
  ['2026-11-22T12:00:01Z', '2026-11-22T12:00:01.000Z'],
  ['2026-11-22T14:30+02:00', '2026-11-22T12:30:00.000Z'],
])('%s ends at %s', (text, end) => {
  expect(parseUntil(text, NOW)).toEqual({ kind: 'good', at: Date.parse(end) * 1000 });
});

it.each(['', 'soon', '2', '2w', '-2h', '0s', '2026-11-22', '2026-11-22T12:00:00', '2026-13-01T00:00:00Z', '400d'])(
  '"%s" is refused',
  (text) => {
    expect(parseUntil(text, NOW)).toMatchObject({ kind: 'refused', why: expect.stringContaining('Input should be') });
  },
);

it('without a time there is no end', () => {
  expect(parseUntil(undefined, NOW)).toEqual({ kind: 'good', at: null });
});
