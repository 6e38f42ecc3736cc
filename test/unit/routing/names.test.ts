import { describe, expect, it } from 'vitest';
import { deployment, failed, harness, ok, SETTINGS } from '../../support/routing.ts';

const fleet = [
  deployment('exact', { group: 'gpt-4o' }),
  deployment('openai', { group: 'openai/*' }),
  deployment('mini', { group: 'openai/gpt-4o-mini*' }),
  deployment('any', { group: '*' }),
];

describe('the name of a model', () => {
  it.each([
    ['gpt-4o', 'exact', undefined],
    ['openai/gpt-4o', 'openai', 'openai/gpt-4o'],
    ['openai/gpt-4o-mini-2024', 'mini', 'openai/gpt-4o-mini-2024'],
    ['claude', 'any', 'claude'],
    ['fast', 'exact', undefined],
    ['vague', 'openai', 'openai/o3'],
  ])('%s leads to %s', (model, id, wildcardModel) => {
    const router = harness(fleet, { settings: { aliases: { fast: 'gpt-4o', vague: 'openai/o3' } } });
    const { attempts } = router.run(() => ok, { model });
    expect(attempts[0]).toMatchObject({ deployment: { id }, number: 1, why: 'first' });
    expect(attempts[0]?.model).toBe(wildcardModel);
  });

  it('that nothing has is unknown, also where it is a name that every object has', () => {
    const { router } = harness([deployment('a')], { settings: { aliases: { lost: 'nowhere' } } });
    const request = { stream: false, tags: [], deadlineMs: Infinity, inputTokens: 0, mayUse: () => true };
    for (const model of ['b', 'lost', 'constructor', '__proto__', '']) {
      expect(router.plan({ ...request, model })).toBe('unknown-model');
    }
  });

  it('is unknown to a caller that may not use it', () => {
    const { router } = harness(fleet, { settings: { aliases: { fast: 'gpt-4o' } } });
    const request = { stream: false, tags: [], deadlineMs: Infinity, inputTokens: 0 };
    const planned = (model: string, mayUse: (name: string) => boolean): string => {
      const plan = router.plan({ ...request, model, mayUse });
      return plan === 'unknown-model' ? plan : plan.group;
    };
    expect(planned('gpt-4o', () => false)).toBe('unknown-model');
    expect(planned('fast', (name) => name === 'fast')).toBe('gpt-4o');
    expect(planned('fast', (name) => name === 'gpt-4o')).toBe('gpt-4o');
    expect(planned('openai/o3', (name) => name === 'openai/*')).toBe('openai/*');
    expect(planned('openai/o3', (name) => name === 'openai/o3')).toBe('openai/*');
  });

  it('is looked up anew after a reload, and a deployment that stays keeps its ejection', () => {
    const router = harness([deployment('a'), deployment('b')]);
    while (!router.events.includes('ejected t-a window')) router.run((id) => (id === 'a' ? failed() : ok));
    router.router.reconfigure([deployment('a'), deployment('b'), deployment('c', { group: 'new' })], {
      ...SETTINGS,
      retries: 0,
    });
    expect(router.run(() => ok, { model: 'new' }).went).toEqual(['c']);
    for (let i = 0; i < 20; i++) expect(router.run(() => ok).went).toEqual(['b']);
    router.router.reconfigure([deployment('b')], SETTINGS);
    expect(router.events).toContain('ended t-a removed');
  });
});

describe('tags', () => {
  const tagged = [
    deployment('free', { tags: ['free'] }),
    deployment('paid', { tags: ['paid', 'eu'] }),
    deployment('rest', { tags: ['default'] }),
  ];
  const went = (tagFiltering: 'off' | 'match-any' | 'match-all', tags: readonly string[]): string => {
    const ids = new Set<string>();
    const router = harness(tagged, { settings: { tagFiltering } });
    for (let i = 0; i < 60; i++) {
      const {
        end,
        went: [id = end.kind === 'give-up' ? end.why : ''],
      } = router.run(() => ok, { tags });
      ids.add(id);
    }
    return [...ids].toSorted().join(' ');
  };

  it.each<['off' | 'match-any' | 'match-all', string[], string]>([
    ['off', ['free'], 'free paid rest'],
    ['match-any', ['free'], 'free'],
    ['match-any', ['free', 'eu'], 'free paid'],
    ['match-all', ['paid', 'eu'], 'paid'],
    ['match-all', ['free', 'eu'], 'rest'],
    ['match-any', ['other'], 'rest'],
    ['match-any', [], 'rest'],
  ])('%s %j: %s', (mode, tags, expected) => {
    expect(went(mode, tags)).toBe(expected);
  });

  it('that no deployment has leave nothing, and health does not widen them', () => {
    const router = harness([deployment('a', { tags: ['x'] }), deployment('b')], {
      settings: { tagFiltering: 'match-any' },
    });
    expect(router.run(() => ok, { tags: ['y'] }).end).toEqual({ kind: 'give-up', why: 'no-deployment' });
    router.verdict('a', 'down');
    expect(router.run(() => ok, { tags: ['x'] }).went).toEqual(['a']);
  });
});
