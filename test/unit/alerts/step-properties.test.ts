import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertBook, Inactive } from '../../../src/alerts/incidents/index.ts';
import { Run, target } from '../../support/alert-run.ts';

describe('in any order of events', () => {
  const names = ['a', 'b', 'c', 'd'];
  const event = fc.record({
    down: fc.subarray(names),
    after: fc.constantFrom(0, 1, 7, 15, 16, 60, 299, 301, 1_000),
    inactive: fc.constantFrom<Inactive>('clear', 'clear', 'clear', 'quiet', 'unknown', 'gone'),
    paused: fc.boolean(),
    crash: fc.boolean(),
  });
  const placeOf = (name: string): string => (name < 'c' ? 'one' : 'two');

  it('each incident is triggered once and resolved once, in this order, with updates between that tell of a change', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.constantFrom(0, 15_000), (events, groupWindowMs) => {
        const run = new Run({ groupWindowMs });
        for (const { down, after, inactive, paused } of events) {
          run.observe(
            down.map((name) => target(name, placeOf(name))),
            { after, inactive, paused },
          );
        }
        run.observe([], { after: 1 });
        run.observe([], { after: 1 });
        expect(run.book.incidents).toEqual([]);
        const byId = Map.groupBy(run.notices, ({ id }) => id);
        for (const [, notices] of byId) {
          expect(notices.map(({ action }) => action).join(' ')).toMatch(/^trigger( update)* resolve$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('no target is in two open incidents, and one that stays down is in one in the end', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const run = new Run();
        for (const { down, after, inactive, paused } of events) {
          run.observe(
            down.map((name) => target(name, placeOf(name))),
            { after, inactive, paused },
          );
          const open = run.book.incidents.flatMap(({ members }) => members.map(({ key }) => key));
          expect(new Set(open).size).toBe(open.length);
        }
        run.observe([target('a', 'one')], { after: 1 });
        run.observe([target('a', 'one')], { after: 301 });
        run.observe([target('a', 'one')], { after: 15 });
        expect(run.book.incidents.flatMap(({ members }) => members.map(({ key }) => key))).toContain('target:a');
      }),
      { numRuns: 1_000 },
    );
  });

  it('a step on the same state causes nothing twice, wherever a pod takes over', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const [one, other] = [new Run(), new Run()];
        for (const { down, after, inactive, paused, crash } of events) {
          const active = down.map((name) => target(name, placeOf(name)));
          one.observe(active, { after, inactive, paused });
          if (crash) other.book = JSON.parse(JSON.stringify(other.book)) as AlertBook;
          other.observe(active, { after, inactive, paused });
        }
        expect(other.notices).toEqual(one.notices);
      }),
    );
  });
});
