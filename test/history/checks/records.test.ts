import { describe, expect, it } from 'vitest';
import { checkRecords } from './records.ts';
import { commitOf, faultOf, historyOf, us } from './handmade.ts';

describe('the check that records increase', () => {
  it('accepts increasing records, evidence without a lease, and another epoch', () => {
    const offered = commitOf(3_000, 2_900, { grant: 0 });
    const anew = commitOf(5_000, 100, { epoch: 'another', version: 3 });
    expect(checkRecords(historyOf(commitOf(20, 0), commitOf(2_020, 2_000), offered, anew))).toEqual([]);
  });

  it.each([
    ['a version that does not grow', { version: us(20) }, 'from version'],
    ['an older grant', { grant: us(-1) }, 'from grant'],
    ['older evidence', { evidenceAt: us(-1) }, 'the evidence'],
  ])('finds %s', (_, changes, what) => {
    const found = checkRecords(historyOf(commitOf(20, 0), commitOf(2_020, 2_000, changes)));
    expect(found).toMatchObject([{ what: expect.stringContaining(what) }]);
  });

  it('accepts older evidence dates after a clock step back, but no smaller versions', () => {
    const clock = faultOf('clock', 100, 1_000);
    const ahead = commitOf(500, 3_600_000);
    expect(checkRecords(historyOf(ahead, ...clock, commitOf(2_020, 3_600_001, { evidenceAt: us(2_000) })))).toEqual([]);
    expect(checkRecords(historyOf(ahead, ...clock, commitOf(400, 3_600_001)))).toHaveLength(1);
  });
});
