import type { Up } from '../up/up.ts';

/** A state as the page and the badge show it: the symbol differs without colour, too. */
export interface StateWords {
  readonly symbol: string;
  readonly word: string;
  /** Class of the page's style. */
  readonly look: 'good' | 'part' | 'bad' | 'grey';
  /** Colour of the badge, dark enough below white text. */
  readonly colour: string;
}

const [GOOD, PART, BAD, GREY] = ['#1a7f37', '#8a5a00', '#b42318', '#57606a'];

export const stateWords: Readonly<Record<Up, StateWords>> = {
  up: { symbol: '✔', word: 'up', look: 'good', colour: GOOD },
  degraded: { symbol: '!', word: 'degraded', look: 'part', colour: PART },
  suspect: { symbol: '!', word: 'being checked', look: 'part', colour: PART },
  unknown: { symbol: '?', word: 'unknown', look: 'grey', colour: GREY },
  drained: { symbol: '–', word: 'out of service', look: 'grey', colour: GREY },
  down: { symbol: '✖', word: 'down', look: 'bad', colour: BAD },
};
