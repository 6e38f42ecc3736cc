import { describe, expect, it } from 'vitest';
import { downView, fleetDouble, NOW, upView } from '../../../golden/fleet-double.ts';
import { loadConfig } from '../../../../src/config/index.ts';
import type { Overload, Witness } from '../../../../src/health/index.ts';
import type { CooldownSource } from '../../../../src/bridge/index.ts';
import type { TargetView, UnprobedReader } from '../../../../src/ports/index.ts';
import { createCooldownSource } from '../../../../src/server/litellm/cooldown-source.ts';

type View = (id: string) => TargetView;

const text = `
model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_key: k, api_base: 'https://one.test/v1' }, model_info: { id: a } }
  - { model_name: a, litellm_params: { model: openai/b, api_key: k, api_base: 'https://two.test/v1' }, model_info: { id: b } }
general_settings: { background_health_checks: true, health_check_interval: 20 }`;

interface Views {
  readonly a: View;
  readonly b: View;
}

/** Ids that a pod would cool down, by what it shows of the deployments a and b. */
function cooled(views: Views, pods: 'one pod' | 'two pods'): readonly string[] {
  return sourceOf(views, pods)
    .candidates()
    .map(({ modelId }) => modelId);
}

function sourceOf(views: Views, pods: 'one pod' | 'two pods'): CooldownSource {
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
  const { config } = loaded;
  const byId = new Map(
    config.deployments.map(({ targetId, modelId }) => [targetId, modelId === 'a' ? views.a : views.b]),
  );
  const fleet = fleetDouble(config.targets.map(({ id }) => byId.get(id)?.(id) ?? upView(id)));
  fleet.next = { ...fleet.next, hasSecondWitness: pods === 'two pods' };
  return createCooldownSource({ config, fleet, redact: (line) => line });
}

function seenBy(hosts: readonly string[]): readonly Witness[] {
  return hosts.map((host, i) => ({ pod: host, host, at: NOW - 1_000_000, position: i + 1 }));
}

function rateLimited(hosts: readonly string[], quietMs: number | 'no Retry-After' = 60_000): View {
  const at = NOW - 1_000_000;
  const series = { level: 'inference', since: at, at, length: hosts.length, witnesses: seenBy(hosts) } as const;
  const rest = quietMs === 'no Retry-After' ? {} : { quietMs };
  const overload: Overload = { ...series, status: 429, message: 'too many requests', ...rest };
  return (id) => {
    const { facts, ...view } = upView(id, { state: 'degraded' });
    return { ...view, facts: facts && { ...facts, overload } };
  };
}

function down(hosts: readonly string[], change: Partial<TargetView> = {}): View {
  return (id) => {
    const { facts, ...view } = downView(id, { class: 'auth', status: 401, message: 'wrong key' }, change);
    const failureRun = facts?.failureRun && { ...facts.failureRun, witnesses: seenBy(hosts) };
    return { ...view, facts: facts && { ...facts, ...(failureRun && { failureRun }) } };
  };
}

describe('the deployments that a pod would cool down', () => {
  it('are those that two hosts found down', () => {
    expect(cooled({ a: down(['one', 'two']), b: upView }, 'two pods')).toEqual(['a']);
    expect(cooled({ a: down(['one', 'litellm']), b: upView }, 'one pod')).toEqual(['a']);
  });

  it('are those with a Retry-After that two hosts received, until it has passed', () => {
    expect(cooled({ a: rateLimited(['one', 'two']), b: upView }, 'two pods')).toEqual(['a']);
    expect(cooled({ a: rateLimited(['one', 'two'], 500), b: upView }, 'two pods')).toEqual([]);
  });

  it('are those with rate limits that name no time, once two hosts received one, until the next good answer', () => {
    expect(cooled({ a: rateLimited(['one', 'litellm'], 'no Retry-After'), b: upView }, 'one pod')).toEqual(['a']);
    expect(cooled({ a: rateLimited(['one', 'two'], 'no Retry-After'), b: upView }, 'two pods')).toEqual(['a']);
    expect(cooled({ a: rateLimited(['one'], 'no Retry-After'), b: upView }, 'one pod')).toEqual([]);
  });

  it.each([
    { what: 'a Retry-After', view: rateLimited(['one']) },
    { what: 'a failure', view: down(['one'], { flags: ['unconfirmed'] }) },
    { what: 'recent failures', view: down(['one', 'long ago another'], { flags: ['unconfirmed'] }) },
  ])('lack those with $what that one host alone saw, if another pod can probe them', ({ view }) => {
    expect(cooled({ a: view, b: upView }, 'two pods')).toEqual([]);
    expect(cooled({ a: view, b: upView }, 'one pod')).toEqual(['a']);
  });

  it('lack what one host alone saw, if all upstreams seem to fail: that is more likely its network', () => {
    expect(cooled({ a: down(['one']), b: down(['one']) }, 'one pod')).toEqual([]);
    expect(cooled({ a: down(['one']), b: down(['one', 'litellm']) }, 'one pod')).toEqual(['b']);
    expect(cooled({ a: down(['one', 'two']), b: down(['one', 'two']) }, 'two pods')).toEqual(['a', 'b']);
  });

  it('lack what one host alone saw while no other upstream is known to work: one that is suspect proves nothing', () => {
    expect(cooled({ a: down(['one']), b: down(['one'], { state: 'suspect' }) }, 'one pod')).toEqual([]);
    expect(cooled({ a: down(['one']), b: (id) => ({ ...upView(id), state: 'unknown' }) }, 'one pod')).toEqual([]);
    expect(cooled({ a: down(['one']), b: upView }, 'one pod')).toEqual(['a']);
  });
});

describe('the reason of a cooldown', () => {
  const drained = (reason: string): View => {
    const hold = { kind: 'drain', by: 'ops', reason, since: NOW, until: null, version: NOW } as const;
    return (id) => upView(id, { hold });
  };
  const whyOf = (a: View): string => sourceOf({ a, b: upView }, 'two pods').candidates()[0]?.why ?? '';

  it('is whole up to 300 characters', () => {
    expect(whyOf(drained('cheaper one first'))).toMatch(/ is drained by ops: cheaper one first$/);
  });

  it.each([
    ['a drain', drained('r'.repeat(10_000))],
    ['a failure', down(['one', 'two'], { why: 'x'.repeat(10_000) })],
  ])('ends after 300 characters, of %s', (_, view) => {
    expect(whyOf(view)).toHaveLength(300);
    expect(whyOf(view)).toMatch(/(r|x)…$/);
  });
});

describe('the deployments that a pod does not count on', () => {
  const doubtful = (b: View): readonly string[] => {
    const source = sourceOf({ a: upView, b }, 'two pods');
    expect(source.candidates()).toEqual([]);
    return [...(source.pools[0]?.doubtful ?? [])];
  };

  it.each([
    { what: 'down, as one host alone saw', view: down(['one'], { flags: ['unconfirmed'] }), expected: ['b'] },
    { what: 'suspect', view: down(['one'], { state: 'suspect' }), expected: ['b'] },
    { what: 'rate-limited, as one host alone saw', view: rateLimited(['one']), expected: [] },
    { what: 'up', view: upView, expected: [] },
  ])('are those that are down or suspect: $what', ({ view, expected }) => {
    expect(doubtful(view)).toEqual(expected);
  });

  it('lack those that an operator holds up', () => {
    const hold = { kind: 'hold-up', by: 'ops', reason: 'false alarm', since: NOW, until: null, version: NOW } as const;
    expect(doubtful(down(['one'], { hold }))).toEqual([]);
  });
});

describe('a deployment that is not probed', () => {
  const UNPROBED = `
model_list:
  - { model_name: chat, litellm_params: { model: openai/a, api_key: k }, model_info: { id: id-a } }
  - { model_name: chat, litellm_params: { model: sagemaker/x, tags: [eu] }, model_info: { id: id-x } }
general_settings: { background_health_checks: true }`;

  function unprobedSource(yaml: string, unprobed?: UnprobedReader): CooldownSource {
    const loaded = loadConfig({ text: yaml, env: {}, readFile: () => '', profile: 'bridge' });
    if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
    const { config } = loaded;
    const fleet = fleetDouble(config.targets.map(({ id }) => upView(id)));
    return createCooldownSource({ config, fleet, ...(unprobed && { unprobed }), redact: (line) => line });
  }

  it("stays in its group, for LiteLLM routes to it, and LiteLLM's cooldown of it is read", () => {
    const source = unprobedSource(UNPROBED);
    expect(source.modelIds).toEqual(['id-a', 'id-x']);
    expect(source.pools).toEqual([{ name: 'chat', own: ['id-a', 'id-x'], reach: ['id-a', 'id-x'] }]);
  });

  it.each([
    ['no report', undefined, []],
    ['a success after its failure', { lastSuccessAt: 3, failedAt: 2, cooldownUntil: null }, []],
    ['a failure after its success', { lastSuccessAt: 3, failedAt: 4, cooldownUntil: null }, ['id-x']],
    ['failures only', { lastSuccessAt: null, failedAt: 4, cooldownUntil: null }, ['id-x']],
    ['a cooldown since its success', { lastSuccessAt: 3, failedAt: 2, cooldownUntil: 9 }, ['id-x']],
  ] as const)('is counted on unless its requests fail: with %s', (_, reported, expected) => {
    const source = unprobedSource(UNPROBED, {
      evidence: (modelId) => {
        if (reported === undefined || modelId !== 'id-x') return undefined;
        const { failedAt, ...times } = reported;
        return { ...times, lastFailure: { at: failedAt, class: 'server' } };
      },
    });
    expect([...(source.pools[0]?.doubtful ?? [])]).toEqual(expected);
  });

  it('is in the pools of its tags', () => {
    const source = unprobedSource(`${UNPROBED}\nrouter_settings: { enable_tag_filtering: true }`);
    expect(source.pools.map(({ name }) => name)).toEqual(['chat (tag eu)', 'chat (tag default)']);
  });
});
