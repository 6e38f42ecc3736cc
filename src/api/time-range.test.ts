import { describe, expect, it } from 'vitest';
import { parseRange } from './time-range.ts';
import type { RangeText } from './time-range.ts';

const NOW = '2026-11-22T11:30:00.000Z';

function read(range: RangeText): string {
  const parsed = parseRange(range, Date.parse(NOW));
  if (parsed.kind === 'refused') return `${parsed.key}: ${parsed.why}`;
  const iso = (ms: number): string => new Date(ms).toISOString().slice(5, 16);
  return `${iso(parsed.fromMs)} ${iso(parsed.untilMs)}`;
}

describe('a range of time', () => {
  it.each([
    ['02:00', '03:00', '11-22T02:00 11-22T03:00'],
    ['23:00', '02:00', '11-21T23:00 11-22T02:00'],
    ['11:30', '11:30', 'from: Input should be in the past, and before to'],
    ['11:00', '12:00', '11-22T11:00 11-22T11:30'],
    ['12:00', undefined, '11-21T12:00 11-22T11:30'],
    ['02:00', '02:00', '11-22T02:00 11-22T11:30'],
    ['2026-11-20T02:00:00Z', '03:00', '11-20T02:00 11-20T03:00'],
    ['2026-11-20T02:00+01:00', '2026-11-20T02:00:00.5Z', '11-20T01:00 11-20T02:00'],
    ['2026-11-20T02:00Z', '2026-11-19T02:00Z', 'from: Input should be in the past, and before to'],
    ['2026-11-23T02:00Z', undefined, 'from: Input should be in the past, and before to'],
    ['2026-01-01T00:00Z', undefined, 'from: Input should be at most 90 days ago'],
    [undefined, '03:00', 'from: Input should be given with to'],
  ])('from %s to %s', (from, to, expected) => {
    expect(read({ from, to })).toBe(expected);
  });

  it.each(['yesterday', '24:00', '2:00', '2026-11-20', '2026-11-20T02:00', '2026-99-20T02:00Z'])(
    'is not read from %s',
    (text) => {
      expect(read({ from: text })).toMatch(/^from: Input should be a time such as /);
      expect(read({ from: '02:00', to: text })).toMatch(/^to: Input should be a time such as /);
    },
  );
});
