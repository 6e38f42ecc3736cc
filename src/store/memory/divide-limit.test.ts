import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitPoolRecord } from '../format/index.ts';
import { divideLimit } from './divide-limit.ts';

const SECOND_US = 1_000_000;
const START_US = 1_800_000_000 * SECOND_US;

/** One command of one pod, and what becomes of it. */
interface Turn {
  readonly pod: number;
  readonly afterMs: number;
  /** Part of its share that the pod keeps, and of the limit that it wants. */
  readonly keeps: number;
  readonly demand: number;
  /** `unheard`: it ran, and its answer was lost. `late`: it runs after the pod's next command. */
  readonly fate: 'answered' | 'unheard' | 'late' | 'given-back';
}

const turn: fc.Arbitrary<Turn> = fc.record({
  pod: fc.integer({ min: 0, max: 3 }),
  afterMs: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) }, fc.integer({ min: 0, max: 9_000 })),
  keeps: fc.double({ min: 0, max: 1, noNaN: true }),
  demand: fc.double({ min: 0, max: 3, noNaN: true }),
  fate: fc.constantFrom('answered', 'answered', 'answered', 'unheard', 'late', 'given-back'),
});

describe('the division of a limit', () => {
  it('never lets the live shares exceed the limit, whatever order commands run in and answers are lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.array(turn, { maxLength: 80 }), (limit, turns) => {
        expect(mostShared(limit, turns)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives away all that is free where pods want more than there is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
        (limit, wants) => {
          const shares = settled(
            limit,
            wants.map((want) => want * limit),
          );
          const sum = shares.reduce((total, share) => total + share, 0);
          expect(sum).toBeLessThanOrEqual(limit);
          // A tenth stays free while nothing is used.
          expect(sum).toBe(limit - Math.floor(limit / 10));
        },
      ),
    );
  });

  it('gives each idle pod something where the limit is three times the pods, however busy one is', () => {
    for (const pods of [2, 3, 10, 50]) {
      const shares = settled(3 * pods, [1_000_000, ...Array.from({ length: pods - 1 }, () => 0)]);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(1);
      expect(shares[0]).toBe(Math.max(...shares));
    }
  });
});

interface Held {
  share: number;
  untilUs: number;
}

/** The largest sum of what pods take for theirs, over all turns. */
function mostShared(limit: number, turns: readonly Turn[]): number {
  const ttlUs = 5 * SECOND_US;
  const held = Array.from({ length: 4 }, (): Held => ({ share: 0, untilUs: 0 }));
  const delayed = new Map<number, (at: number) => void>();
  let pool: LimitPoolRecord | undefined;
  let now = START_US;
  let most = 0;
  for (const [at, { pod, afterMs, keeps, demand, fate }] of turns.entries()) {
    now += afterMs * 1_000;
    const own = held[pod];
    if (own === undefined) continue;
    const live = own.untilUs > now;
    own.share = live ? Math.floor(own.share * keeps) : 0;
    const asked = {
      pod: `p${pod}`,
      number: at + 1,
      ttlUs: fate === 'given-back' ? 0 : ttlUs,
      holdUs: 0,
      pods: 1 + (at % 4),
      limit,
      keeps: own.share,
      used: 0,
      demand: Math.floor(demand * limit),
    };
    const run = (atUs: number): number => {
      const divided = divideLimit(counting(pool, atUs), asked, atUs);
      ({ pool } = divided);
      return divided.lease.share;
    };
    const before = delayed.get(pod);
    delayed.delete(pod);
    if (fate === 'late') delayed.set(pod, (atUs) => void run(atUs));
    else {
      if (fate === 'given-back') own.share = 0;
      const share = run(now);
      if (fate === 'answered') Object.assign(own, { share, untilUs: now + ttlUs });
    }
    before?.(now);
    const shares = held.filter(({ untilUs }) => untilUs > now).map(({ share }) => share);
    most = Math.max(
      most,
      shares.reduce((sum, share) => sum + share, 0),
    );
  }
  return most;
}

/** Shares after pods have asked often enough, none of them having used anything. */
function settled(limit: number, demands: readonly number[]): readonly number[] {
  const shares = demands.map(() => 0);
  let pool: LimitPoolRecord | undefined;
  let now = START_US;
  for (let round = 0; round < 12; round++) {
    for (const [at, demand] of demands.entries()) {
      now += SECOND_US;
      const asked = { pod: `p${at}`, number: round + 1, ttlUs: 60 * SECOND_US, holdUs: 0, pods: demands.length };
      const divided = divideLimit(
        counting(pool, now),
        { ...asked, limit, keeps: shares[at] ?? 0, used: 0, demand },
        // Beyond the first lease time.
        now + (round === 0 ? 0 : 60 * SECOND_US),
      );
      ({ pool } = divided);
      shares[at] = Math.min(divided.lease.share, divided.lease.target);
    }
  }
  return shares;
}

function counting(pool: LimitPoolRecord | undefined, now: number): LimitPoolRecord | undefined {
  return pool === undefined ? undefined : { ...pool, rows: pool.rows.filter(({ counted }) => counted > now) };
}
