import { expect, it } from 'vitest';
import type { FleetBody } from '../../../../src/api/index.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';
import { pageOf, targetOf } from '../../../support/fleet-page.ts';

type Requests = FleetBody['requests'];
const calm = {
  requests: 100,
  answered: 100,
  failed: 0,
  broken_off: 0,
  left_before_answer: 0,
  over_limit: 0,
  no_deployment: 0,
  unroutable: 0,
  retries_refused: 0,
};

function found(group: Partial<Requests['groups'][number]>, more: Partial<Requests> = {}): readonly string[] {
  const page = pageOf([targetOf({})]);
  const requests = { ...page.requests, groups: [{ group: 'g', ...calm, ...group }], ...more };
  const reports = [{ kind: 'answered', url: 'http://pod_a', page: { ...page, requests } }] as const;
  return findWhy(reports).map(({ code, level, says }) => `${level} ${code}: ${says}`);
}

it('finds nothing where requests are answered, or a few clients leave', () => {
  expect(found({})).toEqual([]);
  expect(found({ left_before_answer: 2, requests: 2 })).toEqual([]);
  expect(found({ left_before_answer: 19 })).toEqual([]);
});

it('names clients that leave before an answer, and the deployments that they waited for', () => {
  const deployments = [
    { deployment: 'a', group: 'g', in_flight: 0, left_before_answer: 5 },
    { deployment: 'b', group: 'g', in_flight: 2, left_before_answer: 15 },
    { deployment: 'c', group: 'other', in_flight: 0, left_before_answer: 9 },
  ];
  expect(found({ left_before_answer: 20 }, { deployments })).toEqual([
    'problem clients-leave: 20 of 100 clients of g left pod_a before the first byte of an answer in the last minute. They waited for b (15), a (5).',
  ]);
});

it('names the limits that refuse requests', () => {
  expect(found({ over_limit: 7, failed: 7 }, { refused: 3 })).toEqual([
    'problem requests-refused: pod_a answered 3 requests with 503 in the last 60 s: it is at fleet_health.gateway.max_in_flight or max_buffered_bytes.',
    'problem deployments-at-limit: pod_a answered 7 of 100 requests for g with 429 in the last minute: all its deployments are at their limits (rpm, tpm or max_parallel_requests).',
  ]);
});

it('calls panic routing a note while requests succeed, and a problem when they fail', () => {
  expect(found({ unroutable: 100 })).toEqual([
    'note panic-routing: No deployment of g is routable, so pod_a sends requests to all of them (panic routing): 100 in the last minute, none failed.',
  ]);
  expect(found({ unroutable: 100, failed: 60 })).toEqual([
    'problem no-routable-deployment: No deployment of g is routable at pod_a: 60 of 100 requests failed in the last minute, 100 of them sent to deployments that are not routable (panic routing).',
  ]);
  expect(found({ no_deployment: 1, failed: 1 })[0]).toContain('no-routable-deployment');
});

it('names a spent retry budget, and requests that fail while probes pass', () => {
  const at = '2026-11-23T05:00:00.000Z';
  const target = targetOf({}).target;
  const failure = { target, model: 'm', class: 'timeout', at };
  const unconfirmed_failures = [
    { ...failure, reporter: { kind: 'pod', name: null } },
    { ...failure, reporter: { kind: 'litellm', name: null } },
    { ...failure, reporter: { kind: 'program', name: 'proxy' } },
  ] as const;
  expect(found({ retries_refused: 4 }, { unconfirmed_failures })).toEqual([
    'problem retry-budget-spent: The retry budget of pod_a is spent: it refused 4 further attempts for g in the last minute.',
    expect.stringMatching(
      /^problem requests-fail-probes-pass: Requests of pod_a to \S+ .*keep failing \(timeout\), last at 2026/,
    ),
    expect.stringContaining('Requests of LiteLLM to'),
    expect.stringContaining('Requests of proxy to'),
  ]);
});
