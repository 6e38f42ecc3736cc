import { describe, expect, it } from 'vitest';
import { checkCalm, checkSlots } from './slots.ts';
import { callOf, faultOf, historyOf, leaseOf, probeOf, START, viewOf } from './handmade.ts';
import type { Entry } from '../entry.ts';

const SECOND = 1_000;

describe('the check of probes per due time', () => {
  it('accepts one probe per due time, and a confirmation beside it', () => {
    const confirmed = probeOf(2_400, 'b', 'confirmation');
    expect(checkSlots(historyOf(...probeOf(0), ...probeOf(2_000), ...confirmed, ...probeOf(4_000)))).toEqual([]);
  });

  it('finds a second scheduled probe for one due time, each under a lease', () => {
    const found = checkSlots(historyOf(...probeOf(2_000), ...probeOf(3_900, 'b')));
    expect(found.map(({ what }) => what)).toEqual([
      expect.stringContaining('2 scheduled probes were committed'),
      expect.stringContaining('2 probes for due time'),
    ]);
  });

  it('finds a probe without a lease, a reason or a fault', () => {
    expect(checkSlots(historyOf(...probeOf(2_000), callOf(2_500, { place: 1 })))).toHaveLength(1);
  });

  it('allows one more probe for a lease that was lost', () => {
    expect(checkSlots(historyOf(leaseOf(2_000), callOf(2_002), ...probeOf(3_500, 'b')))).toEqual([]);
  });

  it('allows one more for a store that lost its records, and not two', () => {
    const lost = faultOf('store-flushed', 2_300, 2_500);
    expect(checkSlots(historyOf(...probeOf(2_000), ...lost, ...probeOf(2_600)))).toEqual([]);
    expect(checkSlots(historyOf(...probeOf(2_000), ...lost, ...probeOf(2_600), ...probeOf(2_900)))).not.toEqual([]);
  });

  it('allows each pod in fallback one probe for a due time, and not two', () => {
    const alone = [viewOf(2_000, 0, { mode: 'fallback' }), viewOf(2_000, 0, { mode: 'fallback', pod: 'b', place: 1 })];
    const calls = [callOf(2_100), callOf(2_200, { place: 1 })];
    expect(checkSlots(historyOf(...alone, ...calls))).toEqual([]);
    expect(checkSlots(historyOf(...alone, ...calls, callOf(2_300)))).toMatchObject([
      { what: expect.stringContaining('in fallback probed twice') },
    ]);
  });

  it('finds extra probes above the guard', () => {
    const storm = Array.from({ length: 9 }, (_, i) => probeOf(2_100 + i * 100, 'a', 'confirmation')).flat();
    expect(checkSlots(historyOf(...storm))).toHaveLength(1);
  });

  it('counts a probe for the due time at which it was granted, however late it arrives', () => {
    const late = [leaseOf(3_990), callOf(4_010)];
    expect(checkSlots(historyOf(...probeOf(4_100, 'b'), ...late))).toEqual([]);
  });
});

describe('the check of times without faults', () => {
  const calm: Entry = { kind: 'calm', from: START + SECOND, to: START + 9 * SECOND };
  const probes = [2, 4, 6].map((at) => callOf(at * SECOND + 30));

  it('accepts exactly one probe for each due time within', () => {
    expect(checkCalm(historyOf(calm, ...probes, callOf(20), callOf(8 * SECOND + 10)))).toEqual([]);
  });

  it('finds a due time without a probe', () => {
    expect(checkCalm(historyOf(calm, ...probes.slice(1)))).toMatchObject([
      { what: expect.stringContaining('0 probes') },
    ]);
  });

  it('counts no due time at which a busy machine kept the store from answering', () => {
    const slow = faultOf('store-slow', 3_000, 3_200);
    expect(checkCalm(historyOf(calm, ...slow, ...probes.slice(1)))).toEqual([]);
    expect(checkCalm(historyOf(calm, ...slow, ...probes.slice(0, 2)))).toHaveLength(1);
  });

  it('finds a due time with two', () => {
    expect(checkCalm(historyOf(calm, ...probes, callOf(3 * SECOND)))).toMatchObject([
      { what: expect.stringContaining('2 probes') },
    ]);
  });
});
