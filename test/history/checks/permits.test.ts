import { describe, expect, it } from 'vitest';
import { checkNotInVain, checkPermits, permittedCalls } from './permits.ts';
import { callOf, commitOf, faultOf, historyOf, leaseOf, probeOf, START, T, us, viewOf } from './handmade.ts';
import type { Entry } from '../entry.ts';

const permitsOf = (...entries: Entry[]): string[] =>
  permittedCalls(historyOf(...entries)).map(({ permit }) => permit.kind);

describe('the check that every probe has a permit', () => {
  it('accepts a probe under a lease of its own pod', () => {
    expect(permitsOf(...probeOf(0), ...probeOf(2_000, 'b'))).toEqual(['lease', 'lease']);
    expect(checkPermits(historyOf(...probeOf(0)))).toEqual([]);
  });

  it('finds a probe without any lease', () => {
    expect(checkPermits(historyOf(callOf(2)))).toMatchObject([{ what: expect.stringContaining('without a lease') }]);
  });

  it('finds a probe under the lease of another pod', () => {
    expect(permitsOf(leaseOf(0, { pod: 'b' }), callOf(2))).toEqual(['none']);
  });

  it('finds a second probe under one lease, though the lease is renewed', () => {
    expect(permitsOf(leaseOf(0), callOf(2), leaseOf(1_300, { grant: us(0) }), callOf(1_400))).toEqual([
      'lease',
      'none',
    ]);
  });

  it('allows one more, but not two, under a lease that a pod claims again after it was separated from the store', () => {
    const hung = faultOf('store-hung', 5, 2_000);
    const again = [leaseOf(0), callOf(2), ...hung, leaseOf(3_900, { grant: us(0) }), callOf(3_902)];
    expect(permitsOf(...again)).toEqual(['lease', 'lease-again']);
    expect(permitsOf(...again, callOf(3_950))).toEqual(['lease', 'lease-again', 'none']);
  });

  it('allows one more if the result of the first was offered without the lease', () => {
    const offered = commitOf(1_500, 0, { grant: us(-2_000) });
    const again = [leaseOf(2_000, { grant: us(0) }), callOf(2_002)];
    expect(permitsOf(leaseOf(0), callOf(2), offered, ...again)).toEqual(['lease', 'lease-again']);
    expect(permitsOf(leaseOf(0), callOf(2), commitOf(1_500, 0), ...again)).toEqual(['lease', 'none']);
  });

  it('finds a probe that starts after its lease expired', () => {
    expect(permitsOf(leaseOf(0), callOf(4_600))).toEqual(['none']);
  });

  it('finds a process that uses the lease of its predecessor', () => {
    const next = { kind: 'pod', at: START + 1_000, place: 0, pod: 'a2' } as const;
    expect(permitsOf(leaseOf(0), next, callOf(1_100))).toEqual(['none']);
  });

  it('takes a probe for unwatched where a lease may have begun and ended between two polls', () => {
    const polled = (ms: number, seq: number): Entry => {
      return { kind: 'polled', at: START + ms, server: 's', seq, leases: [] };
    };
    const late = viewOf(0, 0, { mode: 'fallback' });
    expect(permitsOf(late, polled(10, 3), callOf(20), callOf(25), polled(60, 5))).toEqual(['unwatched', 'unwatched']);
    // Nothing was committed meanwhile; and no poll follows.
    expect(permitsOf(late, polled(10, 3), callOf(20), polled(60, 3))).toEqual(['fallback']);
    expect(permitsOf(late, polled(10, 3), callOf(20))).toEqual(['fallback']);
  });

  it('accepts a lease that was only polled, if its announcement was not received', () => {
    const polled = {
      kind: 'polled',
      at: START + 40,
      server: 's',
      seq: 1,
      leases: [{ target: T, pod: 'a', grant: 7 }],
    } as const;
    expect(permitsOf(polled, callOf(50))).toEqual(['lease']);
  });

  it('lets a pod in fallback probe without a lease, but not in shared mode again', () => {
    const fallback = viewOf(0, 0, { mode: 'fallback' });
    expect(permitsOf(fallback, callOf(500), viewOf(600, 0), callOf(3_000))).toEqual(['fallback', 'none']);
  });

  it('finds a fallback between two samples by the log of the pod', () => {
    const mode = (ms: number, to: 'fallback' | 'shared'): Entry => ({
      kind: 'mode',
      at: START + ms,
      pod: 'a',
      mode: to,
    });
    expect(permitsOf(mode(100, 'fallback'), callOf(110), mode(160, 'shared'), callOf(170))).toEqual([
      'fallback',
      'none',
    ]);
  });

  it('accepts a probe at the moment at which the store was lost', () => {
    expect(permitsOf(...faultOf('store-killed', 0, 3_000), callOf(100))).toEqual(['unwatched']);
  });
});

describe('the check that every paid probe is committed', () => {
  const end = viewOf(60_000, 0);

  it('accepts a probe that is committed', () => {
    expect(checkNotInVain(historyOf(...probeOf(0), end))).toEqual([]);
  });

  it('finds a probe that was never committed', () => {
    const found = checkNotInVain(historyOf(leaseOf(0), callOf(2), commitOf(20, 1), end));
    expect(found).toMatchObject([{ what: expect.stringContaining('never committed') }]);
  });

  it('accepts it if the pod was killed meanwhile, but not if that was long ago', () => {
    const lost = [leaseOf(0), callOf(2), end];
    expect(checkNotInVain(historyOf(...lost, ...faultOf('pod-killed', 5, 2_000, '0')))).toEqual([]);
    expect(checkNotInVain(historyOf(...lost, ...faultOf('pod-killed', -9_000, -8_000, '0')))).toHaveLength(1);
    expect(checkNotInVain(historyOf(...lost, ...faultOf('upstream', 5, 2_000, T)))).toHaveLength(1);
  });
});
