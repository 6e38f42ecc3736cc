import { STATE_VALUES } from '../../../src/telemetry/index.ts';
import type { ValueMapping } from '../panel.ts';

const COLOURS = { unknown: 'text', up: 'green', degraded: 'yellow', suspect: 'orange', down: 'red' } as const;

/** States are numbers in metrics, and words here. */
export const states: ValueMapping = {
  type: 'value',
  options: Object.fromEntries(
    Object.entries(COLOURS).map(([state, color], index) => [
      String(STATE_VALUES[state as keyof typeof COLOURS]),
      { text: state, color, index },
    ]),
  ),
};

/** For a gauge that is 1 while something fails. */
export const failing: ValueMapping = {
  type: 'value',
  options: { '0': { text: 'works', color: 'green', index: 0 }, '1': { text: 'fails', color: 'red', index: 1 } },
};
