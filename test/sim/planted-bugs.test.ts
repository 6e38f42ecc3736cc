import { describe, expect, it } from 'vitest';
import {
  dueTooLate,
  pausesIgnored,
  heldUntilNow,
  holdsAreNeverRead,
  noNotAfter,
  noSecondWitness,
  noVersionCheck,
  stampedAtCommit,
} from './planted-bugs.ts';
import { playSeed } from './seed-run.ts';

const SEEDS_AT_MOST = 25;
/** Found only if a pod that has not yet received a pause has a due target, which most worlds lack. */
const SEEDS_FOR_PAUSES = 120;

describe('a bug planted between the coordinator and its store', () => {
  it.each([
    ['commands that run late take effect', noNotAfter, 'invariant 2: a late script'],
    ['evidence is dated by its commit', stampedAtCommit, 'invariant 3'],
    ['commits ignore the version they were computed from', noVersionCheck, 'invariant 2: a write of'],
    ['one witness is enough', noSecondWitness, 'invariant 10'],
    ['some targets are reported as due in ten minutes', dueTooLate, 'overdue'],
    ['a claim is refused until the moment it was made', heldUntilNow, 'too many commands'],
    ['holds are never read', holdsAreNeverRead, 'holds: pod'],
    ['claims are granted while probing is paused', pausesIgnored, 'holds: pod', SEEDS_FOR_PAUSES],
  ])(
    'is found within some worlds when %s, and its world passes without it',
    { timeout: 300_000 },
    async (_, planted, broken, seeds = SEEDS_AT_MOST) => {
      let found: { readonly seed: number; readonly violation: string } | undefined;
      for (let seed = 1; seed <= seeds && found === undefined; seed += 1) {
        // oxlint-disable-next-line no-await-in-loop -- until the first that finds it
        const { violation } = await playSeed({ seed, pods: 5, targets: 20 }, { planted });
        if (violation?.startsWith(broken) === true) found = { seed, violation };
      }
      expect(found, `no world showed "${broken}"`).toBeDefined();
      const without = await playSeed({ seed: found?.seed ?? 0, pods: 5, targets: 20 });
      expect(without.violation).toBeNull();
    },
  );
});
