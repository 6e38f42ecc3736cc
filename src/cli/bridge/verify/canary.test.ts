import { describe, expect, it } from 'vitest';
import { chooseCanary, questionFor } from './canary.ts';
import type { CanaryInput, ChosenCanary } from './canary.ts';
import { picksNeeded } from './router-pick.ts';

describe('the canary', () => {
  it('is the deployment that the operator names', () => {
    expect(choose({ named: 'a' })).toMatchObject({ kind: 'canary', deployment: { modelId: 'a' }, state: 'free' });
  });

  it('may be named by its id in an earlier version of LiteLLM', () => {
    expect(choose({ named: 'former-a' })).toMatchObject({ kind: 'canary', deployment: { modelId: 'a' } });
  });

  it.each([
    ['it is alone', { named: 'alone' }],
    ['the other one is down', { named: 'a', rows: { b: 'unhealthy' as const } }],
    ['the other one is suspect', { named: 'a', states: { b: 'suspect' } }],
    ['the other one has no result', { named: 'a', rows: { b: null } }],
    ['the other one is cooled down by LiteLLM', { named: 'a', cooled: { b: 'litellm' as const } }],
    ['the other one is cooled down by allswell', { named: 'a', cooled: { b: 'allswell' as const } }],
  ])('is refused where it is the last of its group: %s', (_name, input) => {
    expect(choose(input)).toEqual({
      kind: 'refused',
      why: expect.stringMatching(/^--with-canary \S+: no other deployment of \S+ is healthy and free of a cooldown$/),
    });
  });

  it('is refused where no results say which deployments are healthy', () => {
    expect(choose({ named: 'a', without: true })).toMatchObject({ kind: 'refused' });
  });

  it('is refused where LiteLLM itself has cooled it down', () => {
    expect(choose({ named: 'a', cooled: { a: 'litellm' } })).toMatchObject({ kind: 'refused' });
  });

  it('is refused for an id that the configuration lacks', () => {
    expect(choose({ named: 'x' })).toEqual({
      kind: 'refused',
      why: '--with-canary x: the configuration has no deployment with this id',
    });
  });

  it('is a deployment that is down where none is named', () => {
    expect(choose({ rows: { b: 'unhealthy' } })).toMatchObject({
      kind: 'canary',
      deployment: { modelId: 'b' },
      state: 'free',
    });
  });

  it('is one that allswell has not cooled down yet, if there is one', () => {
    const three = { c: 'unhealthy', d: 'unhealthy' } as const;
    expect(choose({ rows: three, cooled: { c: 'allswell' } })).toMatchObject({
      deployment: { modelId: 'd' },
      state: 'free',
    });
    expect(choose({ rows: { c: 'unhealthy' }, cooled: { c: 'allswell' } })).toMatchObject({
      deployment: { modelId: 'c' },
      state: 'cooled',
    });
  });

  it.each([
    ['nothing is down', {}],
    ['what is down is the last of its group', { rows: { alone: 'unhealthy' as const } }],
  ])('does not exist where %s', (_name, input) => {
    expect(choose(input).kind).toBe('none');
  });
});

interface Situation {
  readonly named?: string;
  /** Lists of deployments that are not healthy; null: in no list. */
  readonly rows?: Readonly<Record<string, 'unhealthy' | null>>;
  readonly states?: Readonly<Record<string, string>>;
  readonly cooled?: Readonly<Record<string, 'allswell' | 'litellm'>>;
  readonly without?: boolean;
}

const GROUPS = { pair: ['a', 'b'], three: ['c', 'd', 'e'], single: ['alone'] };

/** Chooses among a group of two, a group of three and a deployment that is alone. */
function choose({ named, rows = {}, states = {}, cooled = {}, without = false }: Situation): ChosenCanary {
  const ids = Object.values(GROUPS).flat();
  const results: CanaryInput['expected']['results'] = {
    timestamp: 1,
    checkedBy: 'pod_1',
    rows: ids.flatMap((id) => {
      const list = rows[id] === undefined ? 'healthy' : rows[id];
      return list === null ? [] : [{ id, list, state: states[id] ?? 'up', checkedAt: 1 }];
    }),
  };
  return chooseCanary({
    expected: {
      deployments: Object.entries(GROUPS).flatMap(([group, members]) =>
        members.map((modelId) => ({ modelId, formerModelId: `former-${modelId}`, group, model: `openai/${modelId}` })),
      ),
      withoutId: [],
      litellmIntervalMs: 1_000,
      probeIntervalMs: 1_000,
      resultsReadAt: 0,
      cooldowns: 'on',
      results: without ? undefined : results,
    },
    pools: Object.entries(GROUPS).map(([name, own]) => ({ name, own, reach: ids })),
    cooldowns: new Map(Object.entries(cooled).map(([id, by]) => [id, { by, status: 503, atSeconds: 1, seconds: 5 }])),
    named,
  });
}

describe('the question to a Router', () => {
  const listed = (id: string, group: string, model: string): { id: string; group: string; model: string } => ({
    id,
    group,
    model,
  });

  it.each([
    [
      'by its model, where no other deployment has that',
      [listed('a', 'g', 'openai/m1'), listed('b', 'g', 'openai/m2')],
      { model: 'openai/m1', chosen: 'm1', chooses: 'always' },
    ],
    [
      'by its group, where another group has the same model',
      [listed('a', 'g', 'openai/m1'), listed('b', 'g', 'openai/m2'), listed('c', 'h', 'openai/m1')],
      { model: 'g', chosen: 'm1', chooses: 'sometimes' },
    ],
    [
      'by its group, where a wildcard may take the model',
      [listed('a', 'g', 'openai/m1'), listed('b', 'g', 'azure/m2'), listed('c', 'openai/*', 'openai/*')],
      { model: 'g', chosen: 'm1', chooses: 'sometimes' },
    ],
    [
      'not at all, where its whole group has one model',
      [listed('a', 'g', 'openai/m1'), listed('b', 'g', 'openai/m1')],
      undefined,
    ],
    [
      'not at all, where the answer is also the name of its group',
      [listed('a', 'm1', 'openai/m1'), listed('b', 'm1', 'openai/m2'), listed('c', 'h', 'openai/m1')],
      undefined,
    ],
    ['not at all, where it has no provider before its model', [listed('a', 'm1', 'm1')], undefined],
  ])('names a deployment %s', (_name, models, expected) => {
    expect(questionFor(models[0]!, models)).toEqual(expected);
  });
});

describe('the answers that are needed', () => {
  it.each([
    ['always', { asked: 1, chosen: 1 }, 1],
    ['always', { asked: 1, chosen: 0 }, undefined],
    ['sometimes', { asked: 30, chosen: 30 }, 10],
    ['sometimes', { asked: 30, chosen: 3 }, 66],
    ['sometimes', { asked: 30, chosen: 2 }, undefined],
  ] as const)('for one that the Router chooses %s, %j, are %s', (chooses, picks, needed) => {
    expect(picksNeeded(chooses, picks)).toBe(needed);
  });
});
