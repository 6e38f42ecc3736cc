import { describe, expect, it } from 'vitest';
import { filterGroups, fold, groupsOf } from '../../../dashboard/model/groups.ts';
import { headlineOf } from '../../../dashboard/model/headline.ts';
import { shownState } from '../../../dashboard/model/states.ts';
import type { FleetTargetBody, HoldBody } from '../../../src/api/index.ts';
import { targetOf } from '../../support/fleet-page.ts';

const hold = (kind: HoldBody['kind']): HoldBody => ({
  kind,
  by: 'ann',
  reason: 'test',
  at: '2026-11-23T06:00:00.000Z',
  until: null,
});

function target(name: string, groups: readonly string[], change: Partial<FleetTargetBody> = {}): FleetTargetBody {
  const deployments = groups.map((group) => ({ model_name: group, model_id: `${group}-${name}` }));
  return targetOf({ target: `id-${name}`, model: `openai/${name}`, deployments, ...change });
}

const namesOf = (targets: readonly FleetTargetBody[]): readonly string[] => groupsOf(targets).map(({ name }) => name);

describe('groups', () => {
  it('come with the worst first: no routable deployment, then by the worst target, then by name as people count', () => {
    expect(
      namesOf([
        target('a', ['up-10']),
        target('b', ['up-9']),
        target('c', ['partly']),
        target('d', ['partly'], { state: 'down' }),
        target('e', ['gone'], { state: 'down' }),
        target('f', ['drained'], { hold: hold('drain') }),
        target('g', ['slow'], { state: 'degraded' }),
        target('h', ['shaky'], { state: 'suspect' }),
        target('i', ['new'], { state: 'unknown' }),
        target('j', ['forced'], { state: 'down', hold: hold('hold-up') }),
      ]),
    ).toEqual(['gone', 'drained', 'partly', 'shaky', 'slow', 'new', 'forced', 'up-9', 'up-10']);
  });

  it('have the state of their best deployment, and count what is routable', () => {
    const [group] = groupsOf([
      target('a', ['chat'], { state: 'down' }),
      target('b', ['chat'], { state: 'degraded' }),
      target('c', ['chat'], { hold: hold('drain') }),
    ]);
    expect(group).toMatchObject({ state: 'degraded', routable: 1 });
    expect(group?.targets.map(({ model }) => model)).toEqual(['openai/a', 'openai/c', 'openai/b']);
    expect(groupsOf([target('a', ['x'], { hold: hold('drain') })])[0]).toMatchObject({ state: 'drained', routable: 0 });
    const mixed = groupsOf([target('a', ['x'], { state: 'down' }), target('b', ['x'], { hold: hold('drain') })]);
    expect(mixed[0]).toMatchObject({ state: 'down', routable: 0 });
  });

  it('show a target in each group that has a deployment of it, once', () => {
    const shared = target('a', ['one', 'two', 'one']);
    expect(groupsOf([shared]).map(({ name, targets }) => [name, targets.length])).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
  });
});

describe('folding', () => {
  const healthy = Array.from({ length: 10 }, (_, i) => target(`t${i}`, [`g${i}`]));

  it('hides healthy groups beyond a number of targets, and no other', () => {
    const groups = groupsOf([
      ...healthy,
      target('x', ['bad'], { state: 'down' }),
      target('s', ['stale'], { stale: true }),
    ]);
    const { shown, hiddenGroups, hiddenTargets } = fold(groups, 4);
    expect(shown.map(({ name }) => name)).toEqual(['bad', 'g0', 'g1', 'g2', 'stale']);
    expect([hiddenGroups, hiddenTargets]).toEqual([7, 7]);
    expect(fold(groups, Infinity)).toMatchObject({ hiddenGroups: 0 });
  });

  it('hides nothing of what fits', () => {
    expect(fold(groupsOf(healthy), 10)).toMatchObject({ hiddenGroups: 0, hiddenTargets: 0 });
  });
});

describe('the filter', () => {
  const groups = groupsOf([
    target('gpt-4o', ['chat'], { upstream_host: 'api.openai.com' }),
    target('gpt-4o-eu', ['chat'], { upstream_host: 'eu.azure.test', region: 'westeurope', hold: hold('hold-up') }),
    target('ada', ['embed'], { state: 'down' }),
  ]);
  const found = (text: string): readonly string[] =>
    filterGroups(groups, text).flatMap(({ targets }) => targets.map(({ model }) => model ?? ''));

  it.each([
    ['', ['openai/ada', 'openai/gpt-4o-eu', 'openai/gpt-4o']],
    ['  ', ['openai/ada', 'openai/gpt-4o-eu', 'openai/gpt-4o']],
    ['CHAT', ['openai/gpt-4o-eu', 'openai/gpt-4o']],
    ['chat azure', ['openai/gpt-4o-eu']],
    ['westeurope', ['openai/gpt-4o-eu']],
    ['held up', ['openai/gpt-4o-eu']],
    ['down', ['openai/ada']],
    ['embed-ada', ['openai/ada']],
    ['chat down', []],
  ])('%j', (text, models) => {
    expect(found(text)).toEqual(models);
  });
});

describe('the headline', () => {
  const of = (...targets: readonly FleetTargetBody[]): unknown => headlineOf(groupsOf(targets));
  const up = (count: number): FleetTargetBody[] => Array.from({ length: count }, (_, i) => target(`u${i}`, [`up${i}`]));
  const down = (name: string): FleetTargetBody => target(name, [name], { state: 'down' });

  it('says the worst first, in one sentence', () => {
    expect(of(...up(5), down('a'))).toEqual({ tone: 'bad', text: 'a has no routable deployment: 1 down of 6 targets' });
    expect(
      of(down('a'), down('b'), target('c', ['c'], { hold: hold('drain') }), target('d', ['d'], { state: 'suspect' })),
    ).toEqual({
      tone: 'bad',
      text: 'a, b and c have no routable deployment: 2 down, 1 suspect, 1 drained of 4 targets',
    });
    expect(of(...['a', 'b', 'c', 'd', 'e'].map(down))).toMatchObject({
      text: 'a, b, c and 2 more groups have no routable deployment: 5 down of 5 targets',
    });
    expect(of(target('a', ['x']), target('b', ['x'], { state: 'down' }))).toEqual({
      tone: 'bad',
      text: 'Every group is routable: 1 down of 2 targets',
    });
    expect(of(...up(1), target('b', ['x'], { state: 'degraded' }))).toMatchObject({ tone: 'warning' });
    expect(of(...up(2))).toEqual({ tone: 'good', text: 'All 2 targets of 2 groups are up' });
    expect(of(...up(1))).toEqual({ tone: 'good', text: 'The only target is up' });
    expect(of()).toEqual({ tone: 'warning', text: 'This pod has no targets' });
  });

  it('counts a target of two groups once', () => {
    expect(of(target('a', ['one', 'two'], { state: 'down' }))).toMatchObject({
      text: 'one and two have no routable deployment: 1 down of 1 target',
    });
  });
});

it('a hold counts before what probes found', () => {
  expect(shownState({ state: 'up', hold: hold('drain') })).toBe('drained');
  expect(shownState({ state: 'down', hold: hold('hold-up') })).toBe('held-up');
  expect(shownState({ state: 'suspect', hold: null })).toBe('suspect');
});
