import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { AllswellConfig, Env } from '../types.ts';

type Params = Record<string, unknown>;

/** JSON is YAML, so entries can be given as objects. */
function load(
  models: readonly { model_name?: string; litellm_params: Params; model_info?: Params }[],
  env: Env = {},
): AllswellConfig {
  const list = models.map((model) => ({ model_name: 'm', ...model }));
  const loaded = loadConfig({ text: JSON.stringify({ model_list: list }), env, readFile });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function readFile(): string {
  throw new Error('no file is read here');
}

function target(litellm_params: Params, model_info: Params = {}, env: Env = {}): AllswellConfig['targets'][number] {
  return load([{ litellm_params, model_info }], env).targets[0]!;
}

describe('a target', () => {
  it('is what the probe calls, with defaults where the file is silent', () => {
    expect(target({ model: 'openai/gpt-4o-mini', api_key: 'k' })).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      holdKey: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: 'openai/gpt-4o-mini',
      provider: 'openai',
      wire: 'openai',
      upstreamModel: 'gpt-4o-mini',
      apiBase: 'https://api.openai.com/v1',
      host: 'api.openai.com',
      mode: 'chat',
      level: 'inference',
      apiKey: 'k',
      intervalMs: 300_000,
      timeoutMs: 60_000,
      maxTokens: 16,
      limitName: 'max_tokens',
      prompt: "What's 1 + 1?",
      healthCheckParams: {},
      background: true,
      priceModel: 'gpt-4o-mini',
    });
  });

  it('is shared by deployments that differ only in how they are asked', () => {
    const { deployments, targets } = load([
      {
        model_name: 'a',
        litellm_params: { model: 'openai/gpt-4', api_key: 'k' },
        model_info: { health_check_timeout: 5 },
      },
      {
        model_name: 'b',
        litellm_params: { model: 'gpt-4', api_key: 'k', rpm: 9 },
        model_info: { health_check_timeout: 40 },
      },
    ]);
    expect(targets).toHaveLength(1);
    expect(targets[0]).toMatchObject({ timeoutMs: 40_000 });
    expect(deployments.map(({ modelName, targetId }) => [modelName, targetId])).toEqual([
      ['a', targets[0]?.id],
      ['b', targets[0]?.id],
    ]);
  });

  it('is probed in the background while one of its deployments wants it, and then as that one says', () => {
    const off = { disable_background_health_check: true };
    const on = { litellm_params: { model: 'openai/gpt-4' }, model_info: { health_check_max_tokens: 7 } };
    const both = load([
      { litellm_params: { model: 'openai/gpt-4' }, model_info: { ...off, health_check_max_tokens: 99 } },
      on,
    ]);
    expect(both.targets).toMatchObject([{ background: true, maxTokens: 7 }]);
    expect(both.deployments.map(({ inBackground }) => inBackground)).toEqual([false, true]);
    expect(load([{ litellm_params: { model: 'openai/gpt-4' }, model_info: off }]).targets[0]?.background).toBe(false);
  });

  it('keeps its id whatever is changed that is not its identity', () => {
    const base = { model: 'openai/gpt-4', api_key: 'k', api_base: 'http://h:1/v1' };
    const id = target(base).id;
    const info = fc.record(
      {
        id: fc.stringMatching(/^[a-z]{3,9}$/),
        health_check_timeout: fc.integer({ min: 1, max: 900 }),
        health_check_max_tokens: fc.integer({ min: 1, max: 900 }),
        health_check_reasoning_effort: fc.constantFrom('low', 'high'),
        disable_background_health_check: fc.boolean(),
        base_model: fc.stringMatching(/^[a-z]{3,9}$/),
        input_cost_per_token: fc.double({ min: 0, max: 1, noNaN: true }),
        health_check_params: fc.dictionary(fc.constantFrom('temperature', 'top_p', 'user'), fc.integer()),
      },
      { requiredKeys: [] },
    );
    const params = fc.record(
      { rpm: fc.nat(), timeout: fc.integer({ min: 1, max: 9 }), temperature: fc.integer() },
      { requiredKeys: [] },
    );
    const env = fc.record(
      { HEALTH_CHECK_TIMEOUT_SECONDS: fc.constant('7'), DEFAULT_HEALTH_CHECK_PROMPT: fc.constant('hi') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        info,
        params,
        env,
        (modelInfo, more, variables) => target({ ...base, ...more }, modelInfo, variables).id === id,
      ),
    );
  });

  it('has another id with another model, base, key, organization, region, header, body, provider or mode', () => {
    const base = { model: 'openai/gpt-4', api_key: 'k', api_base: 'http://h:1/v1' };
    const ids = [
      target(base),
      target({ ...base, model: 'openai/gpt-4o' }),
      target({ ...base, api_base: 'http://h:2/v1' }),
      target({ ...base, api_key: 'other' }),
      target({ ...base, organization: 'o' }),
      target({ ...base, region_name: 'eu' }),
      target({ ...base, extra_headers: { 'x-tenant': 't' } }),
      target({ ...base, model: 'hosted_vllm/gpt-4' }),
      target(base, { mode: 'responses' }),
      target({ ...base, headers: { 'x-tenant': 'u' } }),
      target({ ...base, extra_body: { route: 'a' } }),
      target({ ...base, extra_body: { route: 'b' } }),
      target(base, { health_check_model: 'openai/gpt-3.5-turbo' }),
      target(base, { health_check_params: { api_key: 'probe-key' } }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is one however its base URL is spelt, and whether or not the vendor is named', () => {
    const spelt = ['https://api.openai.com/v1', 'https://API.openai.com:443/v1/', 'HTTPS://api.openai.com/v1//'];
    const ids = [{}, ...spelt.map((api_base) => ({ api_base }))].map(
      (more) => target({ model: 'openai/gpt-4', ...more }).id,
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('calls health_check_model, at the provider of the model it stands for', () => {
    const bare = target({ model: 'openai/*' }, { health_check_model: 'gpt-4o-mini' });
    expect(bare).toMatchObject({ provider: 'openai', upstreamModel: 'gpt-4o-mini', level: 'inference' });
    const elsewhere = { model: 'openai/gpt-4', api_base: 'http://h:1/v1' };
    expect(target(elsewhere, { health_check_model: 'hosted_vllm/small' })).toMatchObject({
      provider: 'hosted_vllm',
      upstreamModel: 'small',
    });
  });

  it('of a wildcard asks for the list of models only', () => {
    expect(target({ model: 'openai/*' })).toMatchObject({ upstreamModel: '*', level: 'models' });
  });

  it.each([
    [
      { model: 'openai/text-embedding-3-small' },
      {},
      { mode: 'embedding', level: 'inference', prompt: 'test from litellm' },
    ],
    [{ model: 'text-embedding-3-small' }, {}, { provider: 'openai', mode: 'embedding' }],
    [{ model: 'openai/gpt-3.5-turbo-instruct' }, {}, { mode: 'completion', level: 'inference' }],
    [{ model: 'openai/o3-pro' }, {}, { mode: 'responses', level: 'inference', maxTokens: 16 }],
    [{ model: 'openrouter/openai/o3-pro' }, {}, { mode: 'chat' }],
    [{ model: 'openai/gpt-4o' }, { mode: 'responses' }, { mode: 'responses', prompt: 'test from litellm' }],
    [{ model: 'anthropic/claude-x' }, { mode: 'embedding' }, { mode: 'other', level: 'models' }],
    [{ model: 'openai/dall-e-3' }, {}, { mode: 'other', level: 'models' }],
    [{ model: 'openai/my-model' }, { mode: 'audio_speech' }, { mode: 'other', level: 'models' }],
  ])('of %o has its mode from model_info, else from the name', (params, info, expected) => {
    expect(target(params, info)).toMatchObject(expected);
  });

  it('on Azure has a base, a version and its own wire', () => {
    const params = { model: 'azure/my-deployment', api_base: 'https://r.openai.azure.com/' };
    expect(target(params, {}, { AZURE_API_KEY: 'k' })).toMatchObject({
      wire: 'azure',
      upstreamModel: 'my-deployment',
      apiBase: 'https://r.openai.azure.com',
      apiVersion: '2025-02-01-preview',
      apiKey: 'k',
    });
    expect(target({ ...params, api_version: '2025-01-01' }).apiVersion).toBe('2025-01-01');
  });

  it("of a provider without rules of its own is called in OpenAI's format with that provider's key", () => {
    const env = { MY_LLM_API_KEY: 'own-key', OPENAI_API_KEY: 'not-for-them' };
    expect(target({ model: 'my-llm/llama-3', api_base: 'http://mine/v1' }, {}, env)).toMatchObject({
      wire: 'openai',
      provider: 'my-llm',
      apiKey: 'own-key',
    });
    expect(target({ model: 'xyz/llama-3', api_base: 'http://xyz/v1' }, {}, env)).not.toHaveProperty('apiKey');
  });

  it('knows the price that the file gives', () => {
    const info = { input_cost_per_token: '1e-6', output_cost_per_token: 0.000002, base_model: 'gpt-4o' };
    expect(target({ model: 'openai/ft:x' }, info)).toMatchObject({
      price: { input: 1e-6, output: 2e-6 },
      priceModel: 'gpt-4o',
    });
    // The other half is that of the price list, and not nothing.
    expect(target({ model: 'openai/gpt-4o' }, { input_cost_per_token: 0 }).price).toEqual({ input: 0 });
  });
});

describe('the token limit of a probe', () => {
  const env = { BACKGROUND_HEALTH_CHECK_MAX_TOKENS: '30', BACKGROUND_HEALTH_CHECK_MAX_TOKENS_REASONING: '40' };
  const kinds = { health_check_max_tokens_reasoning: 50, health_check_max_tokens_non_reasoning: 20 };
  it.each([
    ['the model info says it', 'openai/o3-mini', { health_check_max_tokens: 3, ...kinds }, env, 3],
    ['the model reasons', 'openai/o3-mini', kinds, env, 50],
    ['the model does not reason', 'openai/gpt-4', kinds, env, 20],
    ['the environment says it for reasoning models', 'openai/o3-mini', {}, env, 40],
    ['the environment says it', 'openai/gpt-4', {}, env, 30],
    [
      'the environment says it, reasoning or not',
      'openai/o3-mini',
      {},
      { BACKGROUND_HEALTH_CHECK_MAX_TOKENS: '30' },
      30,
    ],
    ['nothing says it', 'openai/gpt-4', {}, {}, 16],
    ['a wildcard has the one of the environment', 'openai/*', { health_check_model: 'gpt-4', ...kinds }, env, 30],
    ['a wildcard has none otherwise', 'openai/*', { health_check_model: 'gpt-4', ...kinds }, {}, undefined],
    ['an embedding has none', 'openai/text-embedding-3-small', {}, env, undefined],
    [
      'an embedding has one when told so',
      'openai/text-embedding-3-small',
      { health_check_supports_max_tokens: true },
      {},
      16,
    ],
    [
      'a chat model has none when told so',
      'openai/gpt-4',
      { health_check_supports_max_tokens: false, ...kinds },
      env,
      undefined,
    ],
  ])('%s', (_name, model, info, variables, expected) => {
    expect(target({ model }, info, variables).maxTokens).toBe(expected);
  });
});

describe('a deployment', () => {
  it('shows what LiteLLM shows, with the model that is probed', () => {
    const params = {
      model: 'azure/d',
      api_key: 'secret',
      api_base: 'https://r.example',
      rpm: 5,
      tags: ['x'],
      messages: 'm',
    };
    const { deployments } = load([
      { litellm_params: params, model_info: { id: 'my-id', health_check_model: 'azure/e' } },
    ]);
    expect(deployments[0]).toMatchObject({
      modelId: 'my-id',
      displayParams: { api_base: 'https://r.example', model: 'azure/e', rpm: 5 },
    });
    expect(deployments[0]?.displayParams).not.toHaveProperty('api_key');
  });

  it('shows where its probe is redirected, but as its own parameters those of the file', () => {
    const params = { model: 'openai/a', api_base: 'https://live.example', rpm: '60' };
    const info = { health_check_params: { api_base: 'https://probe.example', api_key: 'secret' } };
    const [deployment] = load([{ litellm_params: params, model_info: info }]).deployments;
    expect(deployment?.displayParams).toEqual({ api_base: 'https://probe.example', model: 'openai/a', rpm: 60 });
    expect(deployment?.writtenParams).toEqual({ api_base: 'https://live.example', model: 'openai/a', rpm: 60 });
  });

  it('is one for each of its organizations, all under one id, as in LiteLLM', () => {
    const params = { model: 'openai/a', api_key: 'k', organization: ['org-1', 'org-2'] };
    const { deployments, targets } = load([{ litellm_params: params }]);
    expect(deployments.map(({ targetId }) => targetId)).toEqual(targets.map(({ id }) => id));
    expect(targets.map(({ organization }) => organization)).toEqual(['org-1', 'org-2']);
    expect(new Set(deployments.map(({ modelId }) => modelId)).size).toBe(1);
  });

  it("has LiteLLM's hash for its id, taken after the environment's values are in", () => {
    const params = { model: 'openai/gpt-4o-mini', api_base: 'os.environ/BASE', api_key: 'os.environ/KEY' };
    const env = { BASE: 'http://127.0.0.1:24010/v1', KEY: 'sk-upstream' };
    const { deployments } = load([{ model_name: 'ok-chat', litellm_params: params }], env);
    expect(deployments[0]?.modelId).toBe('81aa83dbd0706369bcc3153ec63f15726921e3f2ba4287151ae1e0af87361475');
  });
});
