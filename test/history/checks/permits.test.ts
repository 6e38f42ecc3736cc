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

  it('allows one more under a lease that a pod claims again after it was parted from the store, and not two', () => {
    const hung = faultOf('store-hung', 5, 2_000);
    const again = [leaseOf(0), callOf(2), ...hung, leaseOf(3_900, { grant: us(0) }), callOf(3_902)];
    expect(permitsOf(...again)).toEqual(['lease', 'lease-again']);
    expect(permitsOf(...again, callOf(3_950))).toEqual(['lease', 'lease-again', 'none']);
  });

  it('allows one more where the result of the first was offered without the lease', () => {
    const offered = commitOf(1_500, 0, { grant: us(-2_000) });
    const again = [leaseOf(2_000, { grant: us(0) }), callOf(2_002)];
    expect(permitsOf(leaseOf(0), callOf(2), offered, ...again)).toEqual(['lease', 'lease-again']);
    expect(permitsOf(leaseOf(0), callOf(2), commitOf(1_500, 0), ...again)).toEqual(['lease', 'none']);
  });

  it('finds a probe that begins when its lease is over', () => {
    expect(permitsOf(leaseOf(0), callOf(4_600))).toEqual(['none']);
  });

  it('finds the lease of a pod that is gone in the hands of the process after it', () => {
    const next = { kind: 'pod', at: START + 1_000, place: 0, pod: 'a2' } as const;
    expect(permitsOf(leaseOf(0), next, callOf(1_100))).toEqual(['none']);
  });

  it('knows a lease that was only polled, where its announcement was not heard', () => {
    const polled = {
      kind: 'polled',
      at: START + 40,
      server: 's',
      seq: 1,
      leases: [{ target: T, pod: 'a', grant: 7 }],
    } as const;
    expect(permitsOf(polled, callOf(50))).toEqual(['lease']);
  });

  it('lets a pod in fallback probe without a lease, but not once it shares again', () => {
    const fallback = viewOf(0, 0, { mode: 'fallback' });
    expect(permitsOf(fallback, callOf(500), viewOf(600, 0), callOf(3_000))).toEqual(['fallback', 'none']);
  });

  it('knows a fallback that no view saw by what the pod logged', () => {
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

  it('has no word for a probe in the moment in which the store died', () => {
    expect(permitsOf(...faultOf('store-killed', 0, 3_000), callOf(100))).toEqual(['unwatched']);
  });
});

describe('the check that no probe is paid in vain', () => {
  const end = viewOf(60_000, 0);

  it('accepts a probe that is committed', () => {
    expect(checkNotInVain(historyOf(...probeOf(0), end))).toEqual([]);
  });

  it('finds a probe that nobody ever committed', () => {
    const found = checkNotInVain(historyOf(leaseOf(0), callOf(2), commitOf(20, 1), end));
    expect(found).toMatchObject([{ what: expect.stringContaining('never committed') }]);
  });

  it('excuses it where the pod was killed meanwhile, and not where that was long ago', () => {
    const lost = [leaseOf(0), callOf(2), end];
    expect(checkNotInVain(historyOf(...lost, ...faultOf('pod-killed', 5, 2_000, '0')))).toEqual([]);
    expect(checkNotInVain(historyOf(...lost, ...faultOf('pod-killed', -9_000, -8_000, '0')))).toHaveLength(1);
    expect(checkNotInVain(historyOf(...lost, ...faultOf('upstream', 5, 2_000, T)))).toHaveLength(1);
  });
});
