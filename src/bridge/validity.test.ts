import { describe, expect, it } from 'vitest';
import type { Hold } from '../ports/index.ts';
import { validForMsOf } from './validity.ts';

const pace = { cacheTtlMs: 20_000, everyMs: 20_000, timeoutMs: 5_000 };
const hold: Hold = { version: 1, kind: 'drain', until: null, by: 'me', reason: 'because' };

describe('how long evidence may be relied upon', () => {
  it('is what is left of the age that makes it stale', () => {
    expect(validForMsOf({ hold: null, stale: false, ageMs: 15_000 }, pace)).toBe(30_000);
    expect(validForMsOf({ hold: null, stale: false, ageMs: 15_000 }, { ...pace, cacheTtlMs: 300_000 })).toBe(285_000);
  });

  it('is longer if probes are rarer, because of backoff', () => {
    expect(validForMsOf({ hold: null, stale: false, ageMs: 15_000 }, { ...pace, everyMs: 160_000 })).toBe(310_000);
  });

  it('is nothing for what is stale, or was never seen', () => {
    expect(validForMsOf({ hold: null, stale: true, ageMs: 1 }, pace)).toBe(0);
    expect(validForMsOf({ hold: null, stale: false, ageMs: null }, pace)).toBe(0);
  });

  it('has no end where an operator decided', () => {
    expect(validForMsOf({ hold, stale: true, ageMs: null }, pace)).toBe(Infinity);
  });
});
