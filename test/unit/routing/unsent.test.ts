import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../../src/routing/index.ts';
import { deployment, failed, harness, ok } from '../../support/routing.ts';

const unsent: AttemptOutcome = { kind: 'unsent', durationMs: 0 };
const onlyBTakesIt = (id: string): AttemptOutcome => (id === 'b' ? ok : unsent);

describe('a request that a deployment cannot take', () => {
  it('goes to another one of the group as the first attempt, and uses no limit of the one that was passed over', () => {
    const router = harness([deployment('a', { order: 1, rpm: 1 }), deployment('b', { order: 2 })]);
    for (let count = 0; count < 3; count += 1) {
      const { attempts, end } = router.run(onlyBTakesIt);
      expect(attempts.map((one) => [one.deployment.id, one.number, one.why])).toEqual([
        ['a', 1, 'first'],
        ['b', 1, 'first'],
      ]);
      expect(end).toEqual(ok);
    }
    // The whole limit of the first one is left.
    expect(router.run(() => ok).went).toEqual(['a']);
    expect([router.reports.filter((report) => !report.ok), router.events]).toEqual([[], []]);
  });

  it('goes to no fallback group, and to none that cannot take it again', () => {
    const router = harness([deployment('a'), deployment('c'), deployment('x', { group: 'other' })], {
      settings: { fallbacks: { g: ['other'] } },
    });
    const { went, end } = router.run(() => unsent);
    expect([went.toSorted(), end]).toEqual([['a', 'c'], { kind: 'give-up', why: 'failed' }]);
  });

  it('is answered with the limit of those that can take it, and with the failure of those that were asked', () => {
    const router = harness([deployment('a', { order: 1 }), deployment('b', { order: 2, rpm: 1 })]);
    expect(router.run(onlyBTakesIt).end).toEqual(ok);
    expect(router.run(onlyBTakesIt).end).toMatchObject({ kind: 'give-up', why: 'over-limit' });
    const other = harness([deployment('a', { order: 1 }), deployment('b', { order: 2 })]);
    const { went, end } = other.run((id) => (id === 'b' ? failed('server') : unsent));
    expect(went[0]).toBe('a');
    expect(went.slice(1).every((id) => id === 'b')).toBe(true);
    expect(end).toMatchObject({ kind: 'give-up', why: 'failed' });
  });
});
