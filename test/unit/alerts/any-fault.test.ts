import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertStage, LEASE_MS } from '../../support/alert-stage.ts';

const isUpdate = (text: string): boolean => text !== 'trigger' && text !== 'resolve';

describe('whatever happens to the pods', () => {
  const event = fc.record({
    down: fc.subarray(['m1', 'm2']),
    ms: fc.constantFrom(500, 3_000, 9_000, 70_000),
    kill: fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 4 }),
    dies: fc.boolean(),
  });

  it('each incident is triggered before it is resolved, at least once, and more often only by deaths', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 10 }), async (events) => {
        const fleet = alertStage('a', 'b', 'c');
        let deaths = 0;
        let mayDie = false;
        fleet.answer = () => {
          if (!mayDie) return { kind: 'answer', status: 200, text: '' };
          mayDie = false;
          deaths += 1;
          return 'dies';
        };
        for (const { down, ms, kill, dies } of events) {
          fleet.down = down;
          mayDie = dies;
          if (kill !== null && fleet.pod(kill).alive) {
            fleet.pod(kill).alive = false;
            deaths += 1;
          }
          await fleet.run(ms);
          for (const name of ['a', 'b', 'c']) if (!fleet.pod(name).alive) fleet.add(name);
          await fleet.run(3_000);
        }
        mayDie = false;
        fleet.down = [];
        await fleet.run(LEASE_MS + 20_000);
        const byIncident = Map.groupBy(fleet.sent, ({ incident }) => incident);
        let repeated = 0;
        for (const [, sent] of byIncident) {
          const actions = sent.map(({ action }) => action);
          expect(actions).toContain('trigger');
          expect(actions).toContain('resolve');
          expect(actions.lastIndexOf('trigger')).toBeLessThan(actions.indexOf('resolve'));
          // Updates are as many as there are recoveries and relapses; the same one twice in a row is one too many.
          const texts = sent.map(({ action, title }) => (action === 'update' ? title : action));
          const [updates, others] = [texts.filter(isUpdate), texts.filter((text) => !isUpdate(text))];
          repeated +=
            others.length - new Set(others).size + updates.filter((text, i) => text === updates[i - 1]).length;
        }
        expect(repeated).toBeLessThanOrEqual(deaths);
      }),
      {
        numRuns: 60,
        examples: [
          // Two updates: the first target is down alone, then the second.
          [[['m1', 'm2'], ['m1'], ['m2']].map((down) => ({ down, ms: 500 as const, kill: null, dies: false }))],
        ],
      },
    );
  });
});
