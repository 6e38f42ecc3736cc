import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../bounds.ts';
import { checkNeverFailed, checkTruth } from './truth.ts';
import { callOf, faultOf, historyOf, T, viewOf } from './handmade.ts';
import type { View } from '../entry.ts';

const AFTER = 10_000 + BOUNDS.truthMs + 10;
const shown = (ms: number, state: string): View[] => [
  viewOf(ms, 0, { state }),
  viewOf(ms, 0, { state, pod: 'b', place: 1 }),
];
const outage = faultOf('upstream', 1_000, 10_000, T);

describe('the check of one truth', () => {
  it('accepts what pods say before the bound, and the truth after it', () => {
    expect(checkTruth(historyOf(...outage, ...shown(12_000, 'down'), ...shown(AFTER, 'up')))).toEqual([]);
  });

  it('finds a pod that still says down after the bound', () => {
    const views = [...shown(AFTER, 'up'), viewOf(AFTER + 100, 0, { state: 'down' })];
    expect(checkTruth(historyOf(...outage, ...views))).toMatchObject([
      { what: expect.stringContaining('a says down') },
    ]);
  });

  it('finds pods that agree on what is not true', () => {
    const lasting = outage.slice(0, 1);
    const until = 1_000 + BOUNDS.truthMs + 10;
    expect(checkTruth(historyOf(...lasting, ...shown(until, 'up')))).toHaveLength(2);
    expect(checkTruth(historyOf(...lasting, ...shown(until, 'down')))).toEqual([]);
  });

  it('finds neither suspect nor unknown true', () => {
    expect(checkTruth(historyOf(...outage, ...shown(AFTER, 'suspect')))).toHaveLength(2);
    expect(checkTruth(historyOf(...outage, ...shown(AFTER, 'unknown')))).toHaveLength(2);
  });

  it('is broken by a history that ends before the bound, or in which a pod falls silent', () => {
    expect(checkTruth(historyOf(...outage, ...shown(12_000, 'up')))).toHaveLength(2);
    expect(checkTruth(historyOf(...outage, viewOf(AFTER, 0)))).toMatchObject([
      { what: 'b was not seen after the bound' },
    ]);
  });
});

describe('the check that what never failed is never out', () => {
  it.each(['down', 'suspect', 'degraded'])(
    'finds a target that is %s though all its probes were answered well',
    (state) => {
      expect(checkNeverFailed(historyOf(callOf(0), viewOf(100, 0, { state })))).toHaveLength(1);
    },
  );

  it('lets it be degraded while a lease may run since before a clock was set, but not out', () => {
    const clock = faultOf('clock', 50, 9_000);
    expect(checkNeverFailed(historyOf(...clock, callOf(0), viewOf(100, 0, { state: 'degraded' })))).toEqual([]);
    expect(checkNeverFailed(historyOf(...clock, callOf(0), viewOf(6_000, 0, { state: 'degraded' })))).toHaveLength(1);
    expect(checkNeverFailed(historyOf(...clock, callOf(0), viewOf(100, 0, { state: 'down' })))).toHaveLength(1);
  });

  it('leaves out what failed', () => {
    expect(checkNeverFailed(historyOf(callOf(0, { answer: 'bad' }), viewOf(100, 0, { state: 'down' })))).toEqual([]);
  });
});
