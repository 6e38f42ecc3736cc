import { describe, expect, it } from 'vitest';
import { failed, pageOf, SINCE, targetOf } from '../../../support/fleet-page.ts';
import type { FleetPage } from '../../../../src/cli/ask/index.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';
import type { Finding } from '../../../../src/cli/status/finding.ts';
import { statusLines } from '../../../../src/cli/status/status-lines.ts';
import { plainPaint } from '../../../../src/terminal/index.ts';

const PAUSE = { kind: 'pause', by: 'ann', reason: 'bill', at: SINCE, until: null } as const;
const HELD_UP = { ...PAUSE, kind: 'hold-up' } as const;

function found(page: FleetPage): readonly Finding[] {
  return findWhy([{ kind: 'answered', url: `http://${page.pod}`, page }]);
}

function shown(page: FleetPage): string {
  return statusLines(page, plainPaint).join('\n');
}

describe('stale evidence', () => {
  const stale = ['a', 'b', 'c', 'd'].map((id, at) =>
    targetOf({ target: id, model: `openai/${id}`, stale: true, age_seconds: 900 + at }),
  );
  const paused = { ...pageOf(stale), probing_paused: PAUSE };

  it('is one problem while probing is paused', () => {
    expect(found(paused)).toMatchObject([
      { code: 'probing-paused', level: 'note' },
      {
        code: 'stale-evidence',
        level: 'problem',
        says: 'The evidence about openai/a, openai/b, openai/c and 1 more is stale, because probing is paused: the oldest is 15 min old. Their states may be wrong.',
        todo: expect.stringContaining('allswell probing resume'),
      },
    ]);
  });

  it('is no problem at the begin of a pause', () => {
    const fresh = { ...pageOf([targetOf({})]), probing_paused: PAUSE };
    expect(found(fresh).map(({ level }) => level)).toEqual(['note']);
  });

  it('is never shown as up alone', () => {
    expect(shown(paused)).toContain('TARGETS 4: 4 up (4 stale)\n');
    expect(shown(paused)).toMatch(/^ {2}up, stale {2}openai\/a /m);
    expect(shown(pageOf([targetOf({})]))).toContain('TARGETS 1: 1 up\n');
  });

  it('is named in the lines of folded groups', () => {
    const many = Array.from({ length: 40 }, (_, at) => targetOf({ target: `t${at}`, stale: true }));
    expect(shown(pageOf(many))).toContain('TARGETS 40: 40 up (40 stale)\n');
    expect(shown(pageOf(many)).match(/^ {2}up, stale /gm)).toHaveLength(40);
  });
});

describe('a target that is held up while its probes fail', () => {
  const held = (state: 'down' | 'up'): FleetPage =>
    pageOf([targetOf({ state, effective: 'up', hold: HELD_UP, why: 'HTTP 500', record: failed('server') })]);

  it('is a problem, with the reason of the failures', () => {
    expect(found(held('down'))).toMatchObject([
      {
        code: 'target-held',
        level: 'problem',
        says: `openai/a gets traffic although its probes fail (down: HTTP 500): held up by ann since ${SINCE}, no end: bill.`,
      },
    ]);
    expect(found(held('up'))).toMatchObject([{ code: 'target-held', level: 'note' }]);
  });

  it('is counted as such', () => {
    expect(shown(held('down'))).toContain('TARGETS 1: 1 held up (1 whose probes fail)\n');
    expect(shown(held('up'))).toContain('TARGETS 1: 1 held up\n');
  });
});

describe('pods', () => {
  const page = pageOf([targetOf({})]);
  const expecting = (count: number | null): FleetPage => ({ ...page, setup: { ...page.setup, expected_pods: count } });
  const [one, two] = page.pods;
  const mixed: FleetPage = { ...page, pods: [one!, { ...two!, version: '2' }] };

  it('that are missing are a problem, and shown', () => {
    expect(found(expecting(3))).toMatchObject([
      {
        code: 'pods-missing',
        level: 'problem',
        says: '1 of 3 expected pods is missing: 2 pods are live.',
      },
    ]);
    expect(shown(expecting(3))).toContain('PODS 2 of 3 expected\n');
  });

  it.each([2, 1, null])('are complete with expected_pods %s', (count) => {
    expect(found(expecting(count))).toEqual([]);
    expect(shown(expecting(count))).toMatch(/^PODS 2$/m);
  });

  it('of another version are a note, because each rolling deploy has them, and shown', () => {
    expect(found(mixed)).toMatchObject([
      {
        code: 'other-version',
        level: 'note',
        says: 'The pods have 2 different versions: pod_a (1) | pod_b (2)',
      },
    ]);
    expect(shown(mixed)).toContain('PODS 2 (2 versions)\n');
  });

  it('are only the last known ones without the store, and none is called missing', () => {
    const lost: FleetPage = {
      ...expecting(3),
      mode: 'fallback',
      store: { ...page.store, available: false, problem: 'ECONNREFUSED' },
    };
    expect(shown(lost)).toContain('PODS 2 last known: without Redis nothing is known of other pods\n');
    expect(found(lost).map(({ code }) => code)).toEqual(['redis-unavailable']);
  });
});
