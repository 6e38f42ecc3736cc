import fc from 'fast-check';
import { EDGES, storedNumbers } from '../fleet-store/edges.ts';
import { plant, step, type Step } from './commands.ts';
import { historyStep } from './history.ts';
import { holdStep } from './holds.ts';
import { moneyStep } from './money.ts';

/** Every command, and any stored number at any of its edges. */
export const edgeStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: step },
  { weight: 3, arbitrary: moneyStep },
  { weight: 2, arbitrary: holdStep },
  { weight: 2, arbitrary: historyStep },
  { weight: 9, arbitrary: edgePlants() },
);

function edgePlants(): fc.Arbitrary<Step> {
  const numbers = ['80000000a', '00000000b'].flatMap((target) => storedNumbers(target, 'p1'));
  return fc
    .tuple(fc.constantFrom(...numbers), fc.constantFrom(...EDGES))
    .map(([{ key, field, text }, edge]) => plant(key, field, (now) => text(now, edge(now))));
}
