import { describe, expect, it } from 'vitest';
import { pathOf } from './actions.ts';
import { agoText, latencyText, spanText, untilText } from './durations.ts';
import { rowOf } from './event-rows.ts';
import { dollars, sumsOf } from './money.ts';
import { pageOf } from './pages.ts';
import { namesOf } from './pod-names.ts';

const AT = '2026-11-30T12:00:00.000Z';
const NOW = Date.parse(AT);
const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('time spans', () => {
  it.each([
    [-5 * SECOND, '0 s'],
    [999, '0 s'],
    [59.9 * SECOND, '59 s'],
    [MINUTE, '1 min'],
    [HOUR - 1, '59 min'],
    [HOUR, '1 h'],
    [HOUR + 5 * MINUTE, '1 h 5 min'],
    [DAY, '1 d'],
    [3 * DAY + 4 * HOUR + 59 * MINUTE, '3 d 4 h'],
  ])('%d ms', (ms, text) => {
    expect(spanText(ms)).toBe(text);
  });

  it('are ages and waits, never below zero', () => {
    expect([agoText(AT, NOW + 12_400), agoText(AT, NOW - 400)]).toEqual(['12 s ago', '0 s ago']);
    expect([untilText(AT, NOW - 12_400), untilText(AT, NOW), untilText(AT, NOW + DAY)]).toEqual([
      'in 12 s',
      'now',
      'now',
    ]);
  });
});

it('latencies have as many digits as they need', () => {
  expect([0.44, 9.96, 10, 999.4, 1_000, 9_940, 61_000].map(latencyText)).toEqual([
    '0.4 ms',
    '10.0 ms',
    '10 ms',
    '999 ms',
    '1.0 s',
    '9.9 s',
    '61 s',
  ]);
});

it('small amounts of money are not shown as nothing', () => {
  expect([0, 0.0000048, 0.00012345, 0.05, 0.5, 1.239, 12_345.6].map(dollars)).toEqual([
    '$0',
    '$0.0000048',
    '$0.00012',
    '$0.05',
    '$0.50',
    '$1.24',
    '$12,345.60',
  ]);
});

it('sums leave out what has no price', () => {
  const day = {
    day: '2026-11-30',
    probes: 4,
    unpriced_probes: 1,
    spent_usd: 0.5,
    saved_usd: { by_sharing: 1, by_alias: 2, by_cache: 3 },
  };
  expect(sumsOf([day, { ...day, probes: 2, unpriced_probes: 2, spent_usd: null, saved_usd: null }])).toEqual({
    spent: 0.5,
    sharing: 1,
    alias: 2,
    cache: 3,
    probes: 6,
    unpriced: 3,
  });
});

it('the address selects a page, and the fleet if it makes no sense', () => {
  expect(pageOf('#/targets/2d45a92386f2611f59cd7fa2')).toEqual({ kind: 'target', id: '2d45a92386f2611f59cd7fa2' });
  expect(pageOf('#/money')).toEqual({ kind: 'money' });
  for (const hash of ['', '#', '#/fleet', '#/targets', '#/targets/../x', '#/nothing', '#/__proto__']) {
    expect([hash, pageOf(hash)]).toEqual([hash, { kind: 'fleet' }]);
  }
});

it('pods of one host are told apart', () => {
  const pod = (id: string, name: string | null) => ({ pod: id, pod_name: name });
  expect(
    namesOf([pod('pod_1_aaa', 'vm'), pod('pod_2_bbb', 'vm'), pod('pod_3_ccc', 'other'), pod('pod_4_ddd', null)]),
  ).toEqual([
    ['pod_1_aaa', 'vm aaa'],
    ['pod_2_bbb', 'vm bbb'],
    ['pod_3_ccc', 'other'],
  ]);
});

it('each action has an endpoint', () => {
  expect(
    (['check', 'drain', 'hold-up', 'undo', 'pause', 'resume'] as const).map((action) => pathOf(action, 'id')),
  ).toEqual([
    '/fleet/targets/id/check',
    '/fleet/targets/id/drain',
    '/fleet/targets/id/hold-up',
    '/fleet/targets/id/undrain',
    '/fleet/probing/pause',
    '/fleet/probing/resume',
  ]);
});

describe('rows of events', () => {
  const hold = { kind: 'drain', by: 'ann', reason: 'test', at: AT, until: null };

  it.each([
    [
      'verdict-changed',
      { from: 'up', to: 'down', why: '2 errors', model: 'openai/a', target: 'id', state: 'down', hold: null },
      { subject: 'openai/a', text: 'up → down: 2 errors', state: 'down', target: 'id' },
    ],
    [
      'hold-changed',
      { hold, model: null, target: 'id', state: 'up' },
      { subject: 'id', text: 'drain by ann: test', state: 'drained' },
    ],
    ['hold-changed', { hold: null, model: 'm', target: 'id', state: 'up' }, { text: 'hold ended', state: 'up' }],
    ['probing-changed', { paused: { ...hold, kind: 'pause' } }, { subject: 'Probing', text: 'paused by ann: test' }],
    ['probing-changed', { paused: null }, { text: 'resumed' }],
    ['cooldowns-changed', { restriction: null }, { text: 'follow the configuration' }],
    ['mode-changed', { mode: 'fallback' }, { text: 'mode fallback' }],
  ])('%s', (event, body, row) => {
    expect(rowOf(event, { now: AT, ...body })).toMatchObject({ at: AT, kind: event, ...row });
  });

  it('of an event that is not known are left out', () => {
    expect(rowOf('from-the-future', {})).toBeUndefined();
  });
});
