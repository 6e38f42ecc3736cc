import { describe, expect, it } from 'vitest';
import { checkEffects } from './effects.ts';
import { commitOf, faultOf, historyOf, leaseOf, START, us, viewOf } from './handmade.ts';
import type { Entry, FaultKind, Polled } from '../entry.ts';

const effectsOf = (fault: FaultKind, on: string, ...entries: Entry[]): string[] => {
  const found = checkEffects(historyOf(...faultOf(fault, 1_000, 4_000, on), ...entries));
  return found.map(({ what }) => what);
};

describe('the check that every fault had its effect', () => {
  it('requires another process after a kill', () => {
    expect(effectsOf('pod-killed', '0')).toEqual(['pod-killed of 0 had no effect: no other process took its place']);
    expect(effectsOf('pod-killed', '0', { kind: 'pod', at: START + 2_000, place: 0, pod: 'a2' })).toEqual([]);
  });

  it('requires a stopped pod to send nothing', () => {
    expect(effectsOf('pod-stopped', '0', viewOf(2_000, 0))).toHaveLength(1);
    expect(effectsOf('pod-stopped', '0', viewOf(2_000, 0, { pod: 'b', place: 1 }), viewOf(4_100, 0))).toEqual([]);
  });

  it('requires that a separated pod is granted nothing', () => {
    expect(effectsOf('pod-partitioned', '0', leaseOf(2_000))).toHaveLength(1);
    expect(effectsOf('pod-partitioned', '0', leaseOf(1_020), leaseOf(2_000, { pod: 'b' }))).toEqual([]);
  });

  it.each(['store-killed', 'store-flushed'] as const)('requires another epoch after %s', (fault) => {
    expect(effectsOf(fault, 's', commitOf(100, 0), commitOf(6_000, 5_900))).toHaveLength(1);
    expect(effectsOf(fault, 's', commitOf(100, 0), commitOf(6_000, 5_900, { epoch: 'f' }))).toEqual([]);
  });

  it('requires a hung store to publish nothing', () => {
    expect(effectsOf('store-hung', 's', commitOf(2_000, 1_900))).toHaveLength(1);
    expect(effectsOf('store-hung', 's', commitOf(4_100, 1_900))).toEqual([]);
  });

  it('requires a failover to lose a write', () => {
    const polled = (ms: number, server: string, seq: number): Polled => {
      return { kind: 'polled', at: START + ms, server, seq, leases: [] };
    };
    const before = [polled(1_500, 's', 7), polled(2_000, 's', 9)];
    expect(effectsOf('failover', 's', ...before, polled(3_000, 'replica', 9))).toHaveLength(1);
    expect(effectsOf('failover', 's', ...before)).toHaveLength(1);
    expect(effectsOf('failover', 's', ...before, polled(3_000, 'replica', 8))).toEqual([]);
  });

  it('requires a clock step to be visible in a lease', () => {
    const clock = faultOf('clock', 1_000, 4_000).map((edge) => ({ ...edge, aheadMs: 60_000 }));
    const ahead = leaseOf(2_000, { storeMs: us(62_000) / 1_000 });
    expect(checkEffects(historyOf(...clock, leaseOf(2_000)))).toHaveLength(1);
    expect(checkEffects(historyOf(...clock, ahead))).toEqual([]);
  });
});
