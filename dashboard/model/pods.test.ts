import { expect, it } from 'vitest';
import { pageOf } from '../../test/support/fleet-page.ts';
import type { FleetBody } from '../../src/api/index.ts';
import { podsHeading, podWarnings } from './pods.ts';

const page = pageOf([]);
const expecting = (count: number | null): FleetBody => ({ ...page, setup: { ...page.setup, expected_pods: count } });

it('the page of pods says how many there should be, and how many are missing', () => {
  expect([podsHeading(page), podWarnings(page)]).toEqual(['2 pods', []]);
  expect([podsHeading(expecting(2)), podWarnings(expecting(2))]).toEqual(['2 pods, 2 expected', []]);
  expect([podsHeading(expecting(3)), podWarnings(expecting(3))]).toEqual(['2 pods, 3 expected', ['1 pod missing.']]);
});

it('the page of pods names several versions', () => {
  const [one, two] = page.pods;
  const mixed = { ...page, pods: [one!, { ...two!, version: '2' }] };
  expect(podWarnings(mixed)).toEqual(['The pods have 2 versions: 1, 2.']);
});

it('the page of pods says without the store that it shows the last known ones', () => {
  const lost = { ...expecting(3), store: { ...page.store, available: false } };
  expect(podWarnings(lost)).toEqual(['Last known pods: without Redis nothing is known of other pods.']);
});
