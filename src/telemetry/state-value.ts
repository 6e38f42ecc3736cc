import type { State } from '../health/index.ts';

/** States as numbers, so that a target has one series and `max` finds the worst state. */
export const STATE_VALUES: Readonly<Record<State, number>> = { unknown: 0, up: 1, degraded: 2, suspect: 3, down: 4 };

/** All states, in the order of their numbers. */
export const STATES: readonly State[] = Object.keys(STATE_VALUES) as State[];
