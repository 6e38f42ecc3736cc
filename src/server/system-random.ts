import { randomInt } from 'node:crypto';
import type { Random } from '../ports/index.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Randomness from the system's own source: two pods that start in one millisecond still get different ids. */
export const systemRandom: Random = {
  next: () => Math.random(),
  id: (length) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
};
