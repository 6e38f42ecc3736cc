import { expect, it } from 'vitest';
import type { State } from '../../ports/index.ts';
import { newestView } from './fleet-page.ts';
import type { FleetPage } from './fleet-page.ts';

function page(state: State, checkedAt: string | null): FleetPage {
  const target = { target: 't', state, stale: false, why: '', local_only: false, since: null, record: null };
  return {
    pod: 'p',
    mode: 'shared',
    impaired: false,
    probing_paused: null,
    store: { available: true, problem: null },
    money: { as_of: null, days: [] },
    targets: [{ ...target, checked_at: checkedAt, age_seconds: null, lease: null, hold: null }],
  };
}

const early = '2026-01-02T12:00:00.000Z';
const late = '2026-01-02T12:00:01.000Z';

it('believes the newest evidence: without a store each pod knows only its own', () => {
  expect(newestView([page('up', early), page('down', late), page('up', early)], 't')?.state).toBe('down');
});

it('believes most of the pods that know the same evidence: one may be wary by itself', () => {
  expect(newestView([page('suspect', late), page('up', late), page('up', late)], 't')?.state).toBe('up');
});

it('knows nothing of a target that no pod speaks of', () => {
  expect(newestView([page('up', null)], 'other')).toBeUndefined();
  expect(newestView([], 't')).toBeUndefined();
});
