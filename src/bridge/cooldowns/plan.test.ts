import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCooldowns } from './plan.ts';
import type { CooldownReason } from '../../ports/index.ts';
import type { Candidate } from './plan.ts';
import { poolsOf } from './pools.ts';
import type { PooledDeployment, RoutingRules } from './pools.ts';

const noRules: RoutingRules = { fallbacks: new Map(), aliases: new Map(), tagFiltering: false };

function deployment(modelId: string, group: string, tags: readonly string[] = []): PooledDeployment {
  return { modelId, group, tags };
}

function failing(modelId: string, reason: CooldownReason = 'down', lastSuccessAt = 0): Candidate {
  return { modelId, reason, lastSuccessAt };
}

function plan(
  deployments: readonly PooledDeployment[],
  candidates: readonly Candidate[],
  {
    rules = noRules,
    byLitellm = [],
    doubtful = [],
  }: { rules?: RoutingRules; byLitellm?: readonly string[]; doubtful?: readonly string[] } = {},
): { cooled: readonly string[]; kept: readonly string[] } {
  const { cooled, kept } = planCooldowns({
    pools: poolsOf(deployments, rules).map((pool) => ({ ...pool, doubtful: new Set(doubtful) })),
    candidates,
    cooledByLitellm: new Set(byLitellm),
  });
  return { cooled: [...cooled], kept: kept.map(({ modelId, pool }) => `${modelId} for ${pool}`) };
}

const pair = [deployment('a', 'chat'), deployment('b', 'chat')];

describe('the plan of cooldowns', () => {
  it('cools a failing deployment whose group has another one', () => {
    expect(plan(pair, [failing('a')])).toEqual({ cooled: ['a'], kept: [] });
  });

  it('keeps a deployment of the group itself before one of its fallbacks, although that worked later', () => {
    const deployments = [deployment('a', 'chat'), deployment('b', 'backup')];
    const rules = { ...noRules, fallbacks: new Map([['chat', ['backup']]]) };
    expect(plan(deployments, [failing('a', 'down', 1), failing('b', 'down', 2)], { rules })).toEqual({
      cooled: [],
      kept: ['a for chat', 'b for backup'],
    });
  });

  it('never cools the last deployment of a group', () => {
    expect(plan([deployment('a', 'chat')], [failing('a')])).toEqual({ cooled: [], kept: ['a for chat'] });
  });

  it('keeps the deployment that worked last, if all of a group fail', () => {
    expect(plan(pair, [failing('a', 'down', 5), failing('b', 'down', 9)])).toEqual({
      cooled: ['a'],
      kept: ['b for chat'],
    });
  });

  it('keeps a rate-limited deployment before one that is down, and a drained one before both', () => {
    const three = [...pair, deployment('c', 'chat')];
    expect(plan(pair, [failing('a', 'down', 9), failing('b', 'rate-limited')])).toMatchObject({ cooled: ['a'] });
    const all = [failing('a', 'down', 9), failing('b', 'rate-limited', 9), failing('c', 'drained')];
    expect(plan(three, all)).toMatchObject({ cooled: ['a', 'b'] });
  });

  it('cools a whole group if its fallbacks lead to a routable deployment', () => {
    const rules = { ...noRules, fallbacks: new Map([['chat', ['spare']]]) };
    expect(plan([deployment('a', 'chat'), deployment('s', 'spare')], [failing('a')], { rules })).toEqual({
      cooled: ['a'],
      kept: [],
    });
  });

  it('follows fallbacks of fallbacks, circles among them, the entry * and aliases', () => {
    const deployments = [deployment('a', 'one'), deployment('b', 'two'), deployment('c', 'three')];
    const fallbacks = new Map([
      ['one', ['two']],
      ['two', ['one', 'alias']],
      ['*', ['two']],
    ]);
    const rules = { ...noRules, fallbacks, aliases: new Map([['alias', 'three']]) };
    expect(plan(deployments, [failing('a'), failing('b')], { rules })).toEqual({ cooled: ['a', 'b'], kept: [] });
    expect(plan(deployments, [failing('a'), failing('b'), failing('c')], { rules }).kept).toEqual(['a for one']);
  });

  it('keeps one deployment of each tag where tag filtering is on', () => {
    const deployments = [deployment('a', 'chat', ['paid']), deployment('b', 'chat', ['free']), deployment('c', 'chat')];
    const rules = { ...noRules, tagFiltering: true };
    expect(plan(deployments, [failing('a')], { rules })).toEqual({ cooled: [], kept: ['a for chat (tag paid)'] });
    expect(plan(deployments, [failing('c')], { rules })).toEqual({ cooled: [], kept: ['c for chat (tag default)'] });
    expect(plan(deployments, [failing('a')])).toEqual({ cooled: ['a'], kept: [] });
  });

  // Expectations as LiteLLM's Router 1.110.2 answers with the same deployments cooled.
  it("follows an alias's own fallbacks, not those of its group", () => {
    const deployments = [deployment('a', 'gpt'), deployment('b', 'claude')];
    const aliases = new Map([['chat', 'gpt']]);
    const ofGroup = { ...noRules, aliases, fallbacks: new Map([['gpt', ['claude']]]) };
    expect(plan(deployments, [failing('a')], { rules: ofGroup })).toEqual({ cooled: [], kept: ['a for chat'] });
    for (const key of ['chat', '*']) {
      const fallbacks = new Map([...ofGroup.fallbacks, [key, ['claude']]]);
      expect(plan(deployments, [failing('a')], { rules: { ...ofGroup, fallbacks } }).cooled).toEqual(['a']);
    }
  });

  it.each([
    ['openai/*', []],
    ['*', ['w']],
    ['m', []],
    ['openai/m', []],
  ])('follows from a wildcard only the fallbacks for the names of its requests: %s', (key, cooled) => {
    const deployments = [deployment('w', 'openai/*'), deployment('b', 'claude')];
    const rules = { ...noRules, fallbacks: new Map([[key, ['claude']]]) };
    expect(plan(deployments, [failing('w')], { rules }).cooled).toEqual(cooled);
  });

  it("does not count the fallbacks for all as those of a wildcard's request that has its own", () => {
    const deployments = [deployment('w', 'openai/*'), deployment('b', 'claude'), deployment('s', 'spare')];
    const fallbacks = new Map([
      ['*', ['claude']],
      ['m', ['spare']],
    ]);
    const rules = { ...noRules, fallbacks };
    expect(plan(deployments, [failing('w')], { rules }).cooled).toEqual(['w']);
    expect(plan(deployments, [failing('w'), failing('s')], { rules }).kept).toContain('w for openai/m');
  });

  it.each([
    { maxFallbacks: undefined, reached: 5 },
    { maxFallbacks: 1, reached: 1 },
    { maxFallbacks: 0, reached: 0 },
  ])('begins no list of fallbacks after max_fallbacks attempts: $maxFallbacks', ({ maxFallbacks, reached }) => {
    const groups = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5', 'g6', 'g7'];
    const fallbacks = new Map(groups.slice(0, -1).map((group, i) => [group, [`g${i + 1}`]]));
    const rules = { ...noRules, fallbacks, ...(maxFallbacks !== undefined && { maxFallbacks }) };
    const [first] = poolsOf(
      groups.map((group) => deployment(group, group)),
      rules,
    );
    expect(first?.reach).toEqual(groups.slice(0, reached + 1));
  });

  it('tries a whole list, even beyond max_fallbacks, and continues with the list of the first name', () => {
    const deployments = ['a', 'b', 'c', 'd'].map((name) => deployment(name, name));
    const fallbacks = new Map([
      ['a', ['b', 'c']],
      ['*', ['d']],
    ]);
    const reach = poolsOf(deployments, { ...noRules, fallbacks, maxFallbacks: 1 }).map((pool) => pool.reach);
    expect(reach).toEqual([['a', 'b', 'c'], ['b', 'd'], ['c', 'd'], ['d']]);
  });

  it('keeps one of the deployments tagged default, to which requests with an unknown tag go', () => {
    const deployments = [
      deployment('d', 'chat', ['default']),
      deployment('u', 'chat'),
      deployment('f', 'chat', ['foo']),
    ];
    const rules = { ...noRules, tagFiltering: true };
    expect(plan(deployments, [failing('d')], { rules })).toEqual({ cooled: [], kept: ['d for chat (tag default)'] });
    expect(plan(deployments, [failing('u')], { rules }).cooled).toEqual(['u']);
  });

  it('keeps one deployment of each set of tags where a request needs all of its tags', () => {
    const deployments = [
      deployment('ab', 'chat', ['b', 'a']),
      deployment('a', 'chat', ['a']),
      deployment('b', 'chat', ['b']),
    ];
    const rules = { ...noRules, tagFiltering: true, matchAllTags: true };
    expect(plan(deployments, [failing('ab')], { rules })).toEqual({ cooled: [], kept: ['ab for chat (tags a, b)'] });
    expect(plan(deployments, [failing('a')], { rules }).cooled).toEqual(['a']);
    expect(plan(deployments, [failing('ab')], { rules: { ...rules, matchAllTags: false } }).cooled).toEqual(['ab']);
  });

  it('counts a deployment that LiteLLM has cooled as not routable', () => {
    expect(plan(pair, [failing('a')], { byLitellm: ['b'] })).toEqual({ cooled: [], kept: ['a for chat'] });
  });

  it('keeps a candidate where only doubtful deployments are left, and none where one is known to work', () => {
    const three = [...pair, deployment('c', 'chat')];
    expect(plan(pair, [failing('a', 'drained')], { doubtful: ['b'] })).toEqual({ cooled: [], kept: ['a for chat'] });
    expect(plan(three, [failing('a', 'drained')], { doubtful: ['b'] }).cooled).toEqual(['a']);
    expect(plan(pair, [failing('a', 'drained'), failing('b')], { doubtful: ['b'] }).cooled).toEqual(['b']);
    expect(plan(pair, [], { doubtful: ['a', 'b'] })).toEqual({ cooled: [], kept: [] });
  });

  it('cools a deployment that is down also where only doubtful ones are left', () => {
    expect(plan(pair, [failing('a')], { doubtful: ['b'] })).toEqual({ cooled: ['a'], kept: [] });
  });

  it("does not extend LiteLLM's cooldown of the last deployment", () => {
    expect(plan([deployment('a', 'chat')], [failing('a')], { byLitellm: ['a'] }).cooled).toEqual([]);
  });

  it('leaves every pool a routable deployment that had one, and cools all candidates that no pool needs', () => {
    const names = fc.constantFrom('one', 'two', 'three', 'openai/*');
    const asked = fc.constantFrom('one', 'two', 'three', 'alias');
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const tags = fc.uniqueArray(fc.constantFrom('paid', 'free', 'default'));
    const inputs = fc.record({
      deployments: fc.uniqueArray(fc.tuple(ids, names, tags), { selector: ([id]) => id, minLength: 1 }),
      fallbacks: fc.uniqueArray(
        fc.tuple(fc.constantFrom('one', 'two', 'alias', 'm', 'openai/*', '*'), fc.uniqueArray(asked)),
        {
          selector: ([from]) => from,
        },
      ),
      aliases: fc.uniqueArray(fc.tuple(fc.constant('alias'), names), { selector: ([from]) => from }),
      tagFiltering: fc.boolean(),
      matchAllTags: fc.boolean(),
      maxFallbacks: fc.nat(5),
      candidates: fc.uniqueArray(fc.tuple(ids, fc.constantFrom<CooldownReason>('down', 'rate-limited', 'drained')), {
        selector: ([id]) => id,
      }),
      byLitellm: fc.uniqueArray(ids),
      doubtful: fc.uniqueArray(ids),
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const deployments = input.deployments.map(([id, group, tagged]) => deployment(id, group, tagged));
        const { tagFiltering, matchAllTags, maxFallbacks } = input;
        const [fallbacks, aliases] = [
          new Map<string, string[]>(input.fallbacks),
          new Map<string, string>(input.aliases),
        ];
        const rules = { fallbacks, aliases, tagFiltering, matchAllTags, maxFallbacks };
        const doubtful = new Set<string>(input.doubtful);
        const pools = poolsOf(deployments, rules).map((pool) => ({ ...pool, doubtful }));
        const candidates = input.candidates.map(([id, reason]) => failing(id, reason));
        const cooledByLitellm = new Set<string>(input.byLitellm);
        const { cooled, kept } = planCooldowns({ pools, candidates, cooledByLitellm });
        for (const { reach } of pools) {
          expect(reach.every((id) => cooled.has(id))).toBe(false);
          const before = reach.some((id) => !cooledByLitellm.has(id));
          const after = reach.some((id) => !cooledByLitellm.has(id) && !cooled.has(id));
          expect(after).toBe(before);
          const mayWork = (id: string): boolean => {
            const candidate = candidates.find(({ modelId }) => modelId === id);
            return candidate === undefined ? !doubtful.has(id) : candidate.reason !== 'down';
          };
          const works = reach.filter((id) => !cooledByLitellm.has(id) && mayWork(id));
          expect(works.length === 0 || works.some((id) => !cooled.has(id))).toBe(true);
        }
        const stays = new Set<string>(kept.map(({ modelId }) => modelId));
        expect(candidates.every(({ modelId }) => cooled.has(modelId) !== stays.has(modelId))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
