import { expect, it } from 'vitest';
import { pageOf } from '../../test/support/fleet-page.ts';
import type { FleetBody } from '../../src/api/index.ts';
import { isLongLag, lagText, podsHeading, podWarnings } from './pods.ts';

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

it.each([
  [null, 'unknown', false],
  [0, '< 0.1 s', false],
  [0.1, '≥ 0.1 s', false],
  [1, '≥ 1 s', false],
  [10, '≥ 10 s', true],
  [60, '≥ 60 s', true],
])('the page of pods shows a lag of %s s as "%s"', (seconds, text, long) => {
  const lag = seconds === null ? null : { at_least_seconds: seconds, since: page.now };
  expect([lagText(lag), isLongLag(lag)]).toEqual([text, long]);
});
