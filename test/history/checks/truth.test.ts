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

describe('the check that all pods show the correct verdict', () => {
  it('accepts any verdict before the time limit, and the correct one after it', () => {
    expect(checkTruth(historyOf(...outage, ...shown(12_000, 'down'), ...shown(AFTER, 'up')))).toEqual([]);
  });

  it('finds a pod that still shows down after the time limit', () => {
    const views = [...shown(AFTER, 'up'), viewOf(AFTER + 100, 0, { state: 'down' })];
    expect(checkTruth(historyOf(...outage, ...views))).toMatchObject([
      { what: expect.stringContaining('a says down') },
    ]);
  });

  it('finds pods that agree on a wrong verdict', () => {
    const lasting = outage.slice(0, 1);
    const until = 1_000 + BOUNDS.truthMs + 10;
    expect(checkTruth(historyOf(...lasting, ...shown(until, 'up')))).toHaveLength(2);
    expect(checkTruth(historyOf(...lasting, ...shown(until, 'down')))).toEqual([]);
  });

  it('accepts neither suspect nor unknown as correct', () => {
    expect(checkTruth(historyOf(...outage, ...shown(AFTER, 'suspect')))).toHaveLength(2);
    expect(checkTruth(historyOf(...outage, ...shown(AFTER, 'unknown')))).toHaveLength(2);
  });

  it('fails for a history that ends before the time limit, or in which a pod stops answering', () => {
    expect(checkTruth(historyOf(...outage, ...shown(12_000, 'up')))).toHaveLength(2);
    expect(checkTruth(historyOf(...outage, viewOf(AFTER, 0)))).toMatchObject([
      { what: 'b was not seen after the bound' },
    ]);
  });
});

describe('the check that a target that never failed stays available', () => {
  it.each(['down', 'suspect', 'degraded'])('finds a target that is %s although all its probes succeeded', (state) => {
    expect(checkNeverFailed(historyOf(callOf(0), viewOf(100, 0, { state })))).toHaveLength(1);
  });

  it('lets it be degraded, but not down, while a lease from before a clock step may run', () => {
    const clock = faultOf('clock', 50, 9_000);
    expect(checkNeverFailed(historyOf(...clock, callOf(0), viewOf(100, 0, { state: 'degraded' })))).toEqual([]);
    expect(checkNeverFailed(historyOf(...clock, callOf(0), viewOf(6_000, 0, { state: 'degraded' })))).toHaveLength(1);
    expect(checkNeverFailed(historyOf(...clock, callOf(0), viewOf(100, 0, { state: 'down' })))).toHaveLength(1);
  });

  it('ignores targets that failed', () => {
    expect(checkNeverFailed(historyOf(callOf(0, { answer: 'bad' }), viewOf(100, 0, { state: 'down' })))).toEqual([]);
  });
});
