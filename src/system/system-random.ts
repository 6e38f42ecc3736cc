import { randomInt } from 'node:crypto';
import type { Random } from '../ports/index.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Randomness of the system: two pods that start in the same millisecond still get different ids. */
export const systemRandom: Random = {
  next: () => Math.random(),
  id: (length) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
};
