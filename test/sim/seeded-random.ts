import type { Random } from '../../src/ports/index.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Reproducible random numbers (mulberry32), with the draws that scenarios need. */
export interface SeededRandom extends Random {
  between(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  fork(): SeededRandom;
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    id: (length) => {
      let id = '';
      while (id.length < length) id += LETTERS[Math.floor(next() * LETTERS.length)];
      return id;
    },
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    pick: (from) => {
      if (from.length === 0) throw new Error('nothing to pick from');
      return from[Math.floor(next() * from.length)] as (typeof from)[number];
    },
    fork: () => seededRandom(Math.floor(next() * 2 ** 32)),
  };
}
