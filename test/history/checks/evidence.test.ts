import { describe, expect, it } from 'vitest';
import { checkEvidence } from './evidence.ts';
import { faultOf, historyOf, viewOf } from './handmade.ts';

describe('the check that no pod shows older evidence than before', () => {
  it('accepts evidence that gets newer or stays', () => {
    expect(checkEvidence(historyOf(viewOf(100, 0), viewOf(200, 0), viewOf(2_100, 2_000)))).toEqual([]);
  });

  it('finds older evidence of an older record', () => {
    const found = checkEvidence(historyOf(viewOf(2_100, 2_000), viewOf(2_200, 1_999)));
    expect(found.map(({ what }) => what)).toEqual([
      expect.stringContaining('went back by 1 ms'),
      expect.stringContaining('from version'),
    ]);
  });

  it('finds evidence that disappeared', () => {
    const [shown] = viewOf(2_200, 0).targets;
    const nothing = viewOf(2_200, 0, { targets: [{ ...shown!, checkedAt: null }] });
    expect(checkEvidence(historyOf(viewOf(2_100, 0), nothing))).toHaveLength(1);
  });

  it('compares only samples of the same process and pod', () => {
    const others = [viewOf(2_200, 1_000, { pod: 'a2' }), viewOf(2_300, 1_000, { pod: 'b', place: 1 })];
    expect(checkEvidence(historyOf(viewOf(2_100, 2_000), ...others))).toEqual([]);
  });

  it('allows it after the store lost data, but not long after', () => {
    const lost = faultOf('store-flushed', 2_500, 2_700);
    expect(checkEvidence(historyOf(viewOf(2_100, 2_000), ...lost, viewOf(4_000, 1_000)))).toEqual([]);
    const late = [viewOf(30_000, 29_000), viewOf(30_100, 1_000)];
    expect(checkEvidence(historyOf(viewOf(2_100, 2_000), ...lost, ...late))).not.toEqual([]);
  });

  it('does not allow it if only a pod was killed, stopped or separated from the store', () => {
    for (const fault of ['pod-killed', 'pod-stopped', 'pod-partitioned', 'store-hung'] as const) {
      const spans = faultOf(fault, 2_150, 2_180);
      expect(checkEvidence(historyOf(viewOf(2_100, 2_000), ...spans, viewOf(2_200, 1_000)))).not.toEqual([]);
    }
  });
});
