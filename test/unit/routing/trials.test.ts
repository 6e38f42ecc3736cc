import { expect, it } from 'vitest';
import { deployment, harness } from '../../support/routing.ts';

// The first attempt of a request as the test of a deployment that is down.

it.each([
  ['goes to the deployment that the fleet tests', { mayTest: true }, {}, 'a'],
  ['goes elsewhere where it cannot be repeated', {}, {}, 'b'],
  ['goes elsewhere where an operator holds the deployment', { mayTest: true }, { held: true }, 'b'],
])('a request %s', (_, asked, health, expected) => {
  const waiting = new Set(['t-a']);
  const { request, verdict } = harness([deployment('a'), deployment('b')], {
    trials: { wanted: () => {}, take: (target) => (waiting.delete(target) ? { ended: () => {} } : undefined) },
  });
  verdict('a', { state: 'down', since: 1, before: 'up', held: false, evidenceAt: 1, ...health });
  const step = request(asked).next();
  expect(step).toMatchObject({ kind: 'attempt', deployment: { id: expected } });
  expect(waiting.size).toBe(expected === 'a' ? 0 : 1);
});
