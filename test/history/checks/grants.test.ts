import { describe, expect, it } from 'vitest';
import { checkGrants } from './grants.ts';
import { faultOf, historyOf, leaseOf, START, T, us } from './handmade.ts';
import type { Polled } from '../entry.ts';

const polled = (ms: number, grant: number): Polled => {
  return { kind: 'polled', at: START + ms, server: 's', seq: 1, leases: [{ target: T, pod: 'a', grant }] };
};

describe('the check that grants increase', () => {
  it('accepts increasing grants, renewals, and a replica that repeats its primary', () => {
    const renewed = leaseOf(1_500, { grant: us(0) });
    const repeated = leaseOf(5, { server: 'replica' });
    expect(checkGrants(historyOf(leaseOf(0), repeated, renewed, leaseOf(2_000), polled(2_100, us(2_000))))).toEqual([]);
  });

  it('finds a smaller grant on the same channel, however soon after the larger one', () => {
    const found = checkGrants(historyOf(leaseOf(2_000), leaseOf(2_001, { grant: us(1_999) })));
    expect(found).toMatchObject([{ what: `channel of s: the grant of ${T} went from ${us(2_000)} to ${us(1_999)}` }]);
  });

  it('finds a lease hash that went back between two polls', () => {
    expect(checkGrants(historyOf(polled(100, 7), polled(200, 6)))).toHaveLength(1);
  });

  it('lets a demoted primary hold older leases, but grant no less than before', () => {
    const overruled = faultOf('failover', 300, 4_000);
    expect(checkGrants(historyOf(polled(200, us(2)), ...overruled, polled(5_000, us(1))))).toEqual([]);
    const smaller = leaseOf(5_000, { grant: us(1) });
    expect(checkGrants(historyOf(leaseOf(2), ...overruled, smaller))).not.toEqual([]);
  });

  it('finds a smaller grant on the server that took over', () => {
    const after = leaseOf(5_000, { server: 'replica', grant: us(1_000) });
    expect(checkGrants(historyOf(leaseOf(2_000), ...faultOf('failover', 2_500, 4_000), after))).toHaveLength(1);
  });

  it('finds a smaller grant after the data was lost, as long as no clock was set back before', () => {
    const lost = faultOf('store-flushed', 2_500, 2_700);
    const smaller = leaseOf(5_000, { grant: us(1_000) });
    expect(checkGrants(historyOf(leaseOf(2_000), ...lost, smaller))).not.toEqual([]);
    const clock = faultOf('clock', 100, 2_200);
    expect(checkGrants(historyOf(leaseOf(2_000), ...clock, ...lost, smaller))).toEqual([]);
  });

  it('finds a smaller grant after the clock was set back and nothing was lost', () => {
    const ahead = leaseOf(1_000, { grant: us(3_600_000) });
    expect(checkGrants(historyOf(ahead, ...faultOf('clock', 500, 1_500), leaseOf(4_000)))).not.toEqual([]);
  });

  it('finds one grant that two pods use', () => {
    expect(checkGrants(historyOf(leaseOf(0), leaseOf(1, { pod: 'b', grant: us(0) })))).toMatchObject([
      { what: `${T} ${us(0)} was granted to a and to b` },
    ]);
  });
});
