import { STATE_VALUES } from '../../../src/telemetry/index.ts';

const COLOURS = { unknown: 'text', up: 'green', degraded: 'yellow', suspect: 'orange', down: 'red' } as const;

/** States are numbers in metrics, and words here. */
export const states: readonly unknown[] = [
  {
    type: 'value',
    options: Object.fromEntries(
      Object.entries(COLOURS).map(([state, color], index) => [
        String(STATE_VALUES[state as keyof typeof COLOURS]),
        { text: state, color, index },
      ]),
    ),
  },
];
