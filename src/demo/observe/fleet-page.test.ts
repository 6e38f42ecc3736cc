import { expect, it } from 'vitest';
import type { FleetBody } from '../../api/index.ts';
import type { State } from '../../ports/index.ts';
import { newestView } from './fleet-page.ts';

function page(state: State, checkedAt: string | null): Pick<FleetBody, 'targets'> {
  return {
    targets: [
      {
        target: 't',
        model: null,
        deployments: [],
        upstream_host: null,
        region: null,
        state,
        effective: state,
        hold: null,
        stale: false,
        why: '',
        flags: [],
        local_only: false,
        since: null,
        checked_at: checkedAt,
        age_seconds: null,
        next_due_at: null,
        lease: null,
        version: 0,
        record: null,
      },
    ],
  };
}

const early = '2026-01-02T12:00:00.000Z';
const late = '2026-01-02T12:00:01.000Z';

it('takes the newest evidence: without a store each pod has only its own', () => {
  expect(newestView([page('up', early), page('down', late), page('up', early)], 't')?.state).toBe('down');
});

it('takes the view of most pods with the same evidence: one may fail alone', () => {
  expect(newestView([page('suspect', late), page('up', late), page('up', late)], 't')?.state).toBe('up');
});

it('is undefined for a target that no pod shows', () => {
  expect(newestView([page('up', null)], 'other')).toBeUndefined();
  expect(newestView([], 't')).toBeUndefined();
});
