import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimOf, divide } from './divide-limit.ts';
import type { Holder } from './divide-limit.ts';

const holder = (granted: number, more: Partial<Holder> = {}): Holder => ({
  granted,
  unconfirmed: 0,
  used: 0,
  isHungry: false,
  ...more,
});

describe('a limit divided among workers', () => {
  it('begins with equal parts, the first ones greater by one', () => {
    expect(divide(10, [holder(0), holder(0), holder(0), holder(0)], 0)).toEqual([3, 3, 2, 2]);
    expect(divide(1, [holder(0), holder(0)], 0)).toEqual([1, 0]);
  });

  it('stays as it is while no worker refuses a request', () => {
    expect(divide(10, [holder(9, { used: 9 }), holder(1)], 0)).toEqual([9, 1]);
  });

  it('takes from workers that do not use their part, and gives it only once they have given it up', () => {
    const [busy, idle] = [holder(5, { used: 5, isHungry: true }), holder(5, { used: 1 })];
    expect(divide(10, [busy, idle], 0)).toEqual([5, 3]);
    Object.assign(idle, { granted: 3, unconfirmed: 5 });
    expect(divide(10, [busy, idle], 0)).toEqual([5, 3]);
    idle.unconfirmed = 0;
    expect(divide(10, [busy, idle], 0)).toEqual([7, 3]);
  });

  it('moves the only request at once of a limit of one to the worker that wants it', () => {
    expect(divide(1, [holder(1), holder(0, { isHungry: true })], 0)).toEqual([0, 0]);
    expect(divide(1, [holder(0), holder(0, { isHungry: true })], 0)).toEqual([0, 1]);
    expect(divide(1, [holder(1, { used: 1 }), holder(0, { isHungry: true })], 0)).toEqual([1, 0]);
  });

  it('shrinks unused parts first where the limit became smaller', () => {
    expect(divide(6, [holder(5, { used: 5 }), holder(5, { used: 1 })], 0)).toEqual([5, 1]);
    expect(divide(4, [holder(5, { used: 5 }), holder(5, { used: 1 })], 0)).toEqual([3, 1]);
  });

  it('never lets workers use more than the limit together, whatever the order of words, uses and ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 2, max: 3 }), steps(), (limit, workers, script) => {
        const play = createPlay(limit, workers);
        for (const { step, worker } of script) play[step](worker % workers);
        expect(play.mostInUse()).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 2_000 },
    );
  });
});

type Step = 'ask' | 'end' | 'say' | 'apply' | 'divide';

function steps(): fc.Arbitrary<readonly { step: Step; worker: number }[]> {
  return fc.array(
    fc.record({
      step: fc.constantFrom<Step>('ask', 'ask', 'end', 'say', 'apply', 'divide'),
      worker: fc.nat(5),
    }),
    { maxLength: 200, size: 'max' },
  );
}

type Play = Record<Step, (worker: number) => void> & { mostInUse(): number };

/** Workers with requests in flight, and messages that travel for as long as they like. */
function createPlay(limit: number, workers: number): Play {
  const holders = Array.from({ length: workers }, () => holder(0));
  const real = Array.from({ length: workers }, () => ({ share: 0, inUse: 0, refused: false, coming: [] as number[] }));
  let most = 0;
  const worker = (at: number): (typeof real)[number] => theOne(real, at);
  const known = (at: number): Holder => theOne(holders, at);
  const say = (at: number): void => {
    const { inUse, refused, coming } = worker(at);
    known(at).used = inUse;
    known(at).isHungry = refused;
    worker(at).refused = false;
    if (coming.length === 0) known(at).unconfirmed = 0;
  };
  return {
    ask: (at) => {
      const one = worker(at);
      if (one.inUse < one.share) one.inUse += 1;
      else one.refused = true;
      most = Math.max(
        most,
        real.reduce((sum, { inUse }) => sum + inUse, 0),
      );
    },
    end: (at) => void (worker(at).inUse = Math.max(0, worker(at).inUse - 1)),
    say,
    apply: (at) => {
      const next = worker(at).coming.shift();
      if (next !== undefined) worker(at).share = next;
    },
    divide: () => {
      divide(limit, holders, 0).forEach((part, at) => {
        const one = known(at);
        if (part === one.granted) return;
        if (part < one.granted) one.unconfirmed = claimOf({ ...one, used: 0 });
        else one.isHungry = false;
        one.granted = part;
        worker(at).coming.push(part);
      });
    },
    mostInUse: () => most,
  };
}

function theOne<T>(list: readonly T[], at: number): T {
  const one = list[at];
  if (one === undefined) throw new Error(`no worker ${at}`);
  return one;
}
