import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig, RequestedProfile } from '../types.ts';

interface Model {
  readonly params: Readonly<Record<string, unknown>>;
  readonly info?: Readonly<Record<string, unknown>>;
}

function load({ params, info }: Model, blocks: object = {}, profile: RequestedProfile = 'bridge'): LoadedConfig {
  const rest = { model_name: 'healthy', litellm_params: { model: 'openai/a', api_key: 'sk-a' } };
  const text = JSON.stringify({
    model_list: [rest, { model_name: 'm', litellm_params: params, ...(info && { model_info: info }) }],
    general_settings: { background_health_checks: true, use_shared_health_check: true },
    ...blocks,
  });
  return loadConfig({ text, profile, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
}

/** Of a deployment that the bridge refuses or does not probe, in one form. */
function problemsOf(loaded: LoadedConfig): readonly string[] {
  if (loaded.kind === 'refused') return loaded.problems.map(({ message, expected }) => `${message} (${expected})`);
  return loaded.notes.flatMap(({ level: of, message }) => {
    const [is, expected, ...more] = message.split(
      ': not probed and not published, only its traffic is watched. Expected: ',
    );
    return of === 'warn' && expected !== undefined && more.length === 0 ? [`${is} (${expected})`] : [];
  });
}

function twin(name: string, info: object = {}): object {
  return { model_name: name, litellm_params: { model: 'openai/a', api_key: 'sk-a' }, model_info: info };
}

function loadList(list: readonly object[], profile: RequestedProfile = 'bridge'): LoadedConfig {
  const text = JSON.stringify({
    model_list: list,
    general_settings: {
      background_health_checks: true,
      use_shared_health_check: true,
      master_key: 'sk-9a1f6c3e8b2d47f0a5c1',
    },
  });
  return loadConfig({ text, profile, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
}

function warningsOf({ notes }: LoadedConfig): readonly string[] {
  return notes.filter(({ level: of }) => of === 'warn').map(({ message }) => message);
}

const level = (of: string): object => ({ fleet_health: { level: { model: { m: of } } } });
const OUT = { disable_background_health_check: true };

describe('what a bridge speaks for', () => {
  it('has an address under model_info, where the id is not made of it, also for a pod that serves as well', () => {
    const params = { model: 'sagemaker/claude', aws_region_name: 'us-east-1' };
    const serving = { fleet_health: { litellm_bridge: true } };
    const [found = ''] = problemsOf(load({ params }, serving, 'serve'));
    expect(found).toContain('api_base is missing');
    expect(found).toContain('model_info.health_check_params.api_base and the level connect');
    expect(found).not.toContain('disable_background_health_check');
  });

  it.each([
    ['a key that is missing', { model: 'openai/gpt-4o' }, /litellm_params has no key: .*would be rejected/],
    ['a login of another kind', { model: 'azure/gpt', api_base: 'http://az' }, /has no key/],
    [
      'a provider that is only assumed to speak like OpenAI',
      { model: 'newcomer/x', api_base: 'http://new', api_key: 'k' },
      /model belongs to newcomer/,
    ],
    [
      'a provider whose format it does not have',
      { model: 'sagemaker/x', api_base: 'http://aws', api_key: 'k' },
      /model belongs to sagemaker, whose API allswell does not support for this deployment/,
    ],
    [
      'a provider without an address',
      { model: 'sagemaker/claude', aws_region_name: 'us-east-1' },
      /api_base is missing/,
    ],
  ])('is nothing that it cannot ask as LiteLLM does, such as %s', (_, params, problem) => {
    const [found = '', ...more] = problemsOf(load({ params }));
    expect(found).toMatch(problem);
    expect(found).toContain('model_info.disable_background_health_check: true');
    expect(more).toEqual([]);
    // What takes part in no background checks is in neither list, and its problems are not reported.
    expect(problemsOf(load({ params, info: OUT }))).toEqual([]);
    const groups = { background_health_checks: true, background_health_check_model_groups: ['healthy'] };
    expect(problemsOf(load({ params }, { general_settings: groups }))).toEqual([]);
  });

  it.each(['complexity_router', 'adaptive_router/x', 'quality_router', 'mine'])(
    "is no router of LiteLLM's such as auto_router/%s, wherever it seems to be",
    (name) => {
      const params = { model: `auto_router/${name}`, complexity_router_default_model: 'healthy' };
      const there = { ...params, api_base: 'http://there', api_key: 'k' };
      for (const loaded of [load({ params }), load({ params: there }), load({ params: there }, level('connect'))]) {
        expect(problemsOf(loaded)).toEqual([
          'model_list[1].litellm_params.model is a LiteLLM router, which has no upstream: LiteLLM derives its health from its models, and a bridge cannot' +
            ' (model_info.disable_background_health_check: true; it still routes, and is in neither list)',
        ]);
      }
      const left = load({ params: there, info: OUT });
      expect(left).toMatchObject({ kind: 'loaded', config: { deployments: [{ modelName: 'healthy' }] } });
      // Other purposes are told what they were told before.
      const served = load({ params }, {}, 'serve');
      expect(served).toMatchObject({ kind: 'loaded', config: { unprobed: [{ modelName: 'm' }] } });
      expect(warningsOf(served)).toContainEqual(
        expect.stringMatching(/api_base is missing, .*: not probed, and gets no requests\. Expected: /),
      );
      expect(problemsOf(load({ params: there }, {}, 'serve'))).toEqual([]);
    },
  );

  it.each([
    { model: 'openai/b', api_key: 'k', timeout: 'soon' },
    { model: 'openai/b', api_key: ['k'] },
    { api_key: 'k' },
  ])('is nothing that takes no part, even where our own rules would refuse what is written: %j', (params) => {
    expect(problemsOf(load({ params }))).toHaveLength(1);
    const left = load({ params, info: OUT });
    expect(left).toMatchObject({ kind: 'loaded', config: { deployments: [{ modelName: 'healthy' }] } });
    const groups = { background_health_checks: true, background_health_check_model_groups: ['healthy'] };
    expect(problemsOf(load({ params }, { general_settings: groups }))).toEqual([]);
    expect(problemsOf(load({ params, info: OUT }, {}, 'check'))).toHaveLength(1);
  });

  it('is a model with a configured way to probe it', () => {
    const unknownVendor = { model: 'azure_ai/x', api_base: 'http://az', api_key: 'k' };
    const told = ['inference', 'models', 'connect'].map((of) => load({ params: unknownVendor }, level(of)));
    expect(told.flatMap(problemsOf)).toEqual([]);
    const keyless = { model: 'azure/gpt', api_base: 'http://az' };
    expect(problemsOf(load({ params: keyless }, level('connect')))).toEqual([]);
    expect(problemsOf(load({ params: keyless }, level('models')))).toHaveLength(1);
    const sagemaker = { model: 'sagemaker/claude', api_base: 'https://runtime.sagemaker.us-east-1.amazonaws.com' };
    expect(problemsOf(load({ params: sagemaker }, level('connect')))).toEqual([]);
  });

  it('is what it is given an address for, under which LiteLLM knows it all the same', () => {
    const params = { model: 'sagemaker/claude', aws_region_name: 'us-east-1' };
    expect(problemsOf(load({ params }, level('connect')))[0]).toContain('model_info.health_check_params.api_base');
    const info = { health_check_params: { api_base: 'https://runtime.sagemaker.us-east-1.amazonaws.com' } };
    const idOf = (loaded: LoadedConfig): unknown =>
      loaded.kind === 'loaded' ? loaded.config.deployments[1]?.modelId : loaded;
    const litellms = createHash('sha256').update('mmodelsagemaker/claudeaws_region_nameus-east-1').digest('hex');
    expect(idOf(load({ params, info }, level('connect')))).toBe(litellms);
    const inParams = { ...params, api_base: info.health_check_params.api_base };
    expect(idOf(load({ params: inParams }, level('connect')))).not.toBe(litellms);
  });

  it('is what needs no key, or has one in a header', () => {
    expect(problemsOf(load({ params: { model: 'hosted_vllm/llama', api_base: 'http://vllm' } }))).toEqual([]);
    expect(problemsOf(load({ params: { model: 'ollama/llama3' } }))).toEqual([]);
    const header = { model: 'openai/x', api_base: 'http://gate', extra_headers: { 'x-token': 't' } };
    expect(problemsOf(load({ params: header }))).toEqual([]);
  });

  it('is the same for a pod that serves and publishes; one that only serves is told no more than before', () => {
    const params = { model: 'azure/gpt', api_base: 'http://az' };
    expect(problemsOf(load({ params }, { fleet_health: { litellm_bridge: true } }, 'serve'))).toHaveLength(1);
    expect(problemsOf(load({ params }, {}, 'serve'))).toEqual([]);
  });

  it.each(['false', 'no', '0'])('is nothing that opted out by the text "%s", which is true to LiteLLM', (word) => {
    const params = { model: 'openai/b', api_key: 'k' };
    const info = { disable_background_health_check: word };
    const published = (loaded: LoadedConfig): unknown =>
      loaded.kind === 'loaded' && loaded.config.deployments[1]?.inBackground;
    expect(published(load({ params, info: { disable_background_health_check: 0 } }))).toBe(true);
    expect(published(load({ params, info }, {}, 'serve'))).toBe(true);
    const loaded = load({ params, info });
    expect(published(loaded)).toBe(false);
    const is = 'is text, which LiteLLM reads as true: the deployment is not probed. Remove the quotes to make it false';
    expect(warningsOf(loaded)).toContain(`model_list[1].model_info.disable_background_health_check ${is}`);
  });

  it('is only the first of those with one id, as in LiteLLM, and says which', () => {
    const others = [twin('c', { id: 7 }), twin('d', { id: '7' })];
    const warned = (info: object, profile?: RequestedProfile): readonly string[] =>
      warningsOf(loadList([twin('a', { id: 'x' }), twin('b', info), ...others], profile));
    const why = 'LiteLLM probes only the first of them, so the bridge publishes only that one';
    const last = `model_list[3] (d) has the id of model_list[2] (c): ${why}`;
    expect(warned({ id: 'x' })).toEqual([`model_list[1] (b) has the id of model_list[0] (a): ${why}`, last]);
    // What takes part in no background checks is no second.
    expect(warned({ id: 'x', ...OUT })).toEqual([last]);
    expect(warned({ id: 'x' }, 'serve')).toEqual([]);
  });

  it.each([
    ['null', 'is empty: LiteLLM generates a new id at every start'],
    ['os.environ/GONE', 'is empty: LiteLLM generates a new id at every start'],
    ["''", 'is an empty text: LiteLLM never checks'],
  ])('is nothing with the id %s, under which LiteLLM would find no row', (id, is) => {
    const text = (
      more = '',
    ): string => `general_settings: { background_health_checks: true, use_shared_health_check: true }
model_list:
  - model_name: m
    litellm_params: { model: openai/a, api_key: k }
    model_info: { id: ${id}${more} }
`;
    const read = (profile: RequestedProfile, more?: string): LoadedConfig =>
      loadConfig({ text: text(more), profile, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
    const loaded = read('bridge');
    expect(loaded).toMatchObject({
      config: { deployments: [], unprobed: [{ modelName: 'm', modelId: null, model: 'openai/a' }] },
    });
    expect(loaded.notes).toContainEqual(
      expect.objectContaining({ line: 5, column: 23, path: 'model_list[0].model_info.id' }),
    );
    expect(problemsOf(loaded)).toEqual([expect.stringContaining(is)]);
    expect(problemsOf(loaded)).toEqual([expect.stringContaining('(a constant text, or no id; or ')]);
    expect(problemsOf(read('bridge', ', disable_background_health_check: true'))).toEqual([]);
    expect(problemsOf(read('serve'))).toEqual([]);
  });

  it('is only the first of those that get one id because they are written alike', () => {
    const { notes } = loadList([twin('a'), twin('a', { health_check_timeout: 9 }), twin('b')]);
    const [note, ...more] = notes.filter(({ level: of }) => of === 'warn');
    expect(note?.message).toMatch(/^model_list\[1\] \(a\) has the id of model_list\[0\] \(a\): /);
    expect(note?.line).toBe(1);
    expect(more).toEqual([]);
  });

  it('is only the first of the organizations of a deployment', () => {
    const params = { model: 'openai/b', api_key: 'k', organization: ['org-1', 'org-2'] };
    expect(warningsOf(load({ params }))).toContain(
      'model_list[1] (m) has the id of another of its organizations: LiteLLM probes only the first of them, so the bridge publishes only that one',
    );
  });

  it('is not what LiteLLM keeps in its database, and says so', () => {
    const stored = {
      general_settings: { background_health_checks: true, use_shared_health_check: true, store_model_in_db: true },
    };
    const { notes } = load({ params: { model: 'openai/b', api_key: 'k' } }, stored);
    const warned = notes.filter(({ level: of }) => of === 'warn').map(({ message }) => message);
    expect(warned).toContainEqual(
      expect.stringMatching(/^general_settings\.store_model_in_db is true, and models .* are not probed/),
    );
  });
});
