import { describe, expect, it } from 'vitest';
import { factsTable } from '../../providers/model-facts.generated.ts';
import { loadConfig } from '../load.ts';
import type { Env, LoadedConfig, ProbeTarget } from '../types.ts';

// What a probe is made of, for names and parameters whose probe was once malformed and took a healthy deployment down.

function load(litellm_params: object, model_info: object = {}, env: Env = {}): LoadedConfig {
  const text = JSON.stringify({ model_list: [{ model_name: 'm', litellm_params, model_info }] });
  return loadConfig({ text, env, readFile: () => '' });
}

function target(...asked: Parameters<typeof load>): ProbeTarget {
  const loaded = load(...asked);
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.targets[0]!;
}

describe("fault: a bare Bedrock name is sent to the vendor's own API with that vendor's key", () => {
  const bedrocks = factsTable
    .split('\n')
    .filter((line) => line.startsWith('bare bedrock '))
    .flatMap((line) => line.slice(line.indexOf(': ') + 2).split(' '));

  it('sends no such name that LiteLLM knows anywhere without credentials of AWS', () => {
    expect(bedrocks.length).toBeGreaterThan(150);
    const env = { ANTHROPIC_API_KEY: 'k', MISTRAL_API_KEY: 'k', COHERE_API_KEY: 'k', OPENAI_API_KEY: 'k' };
    for (const model of bedrocks) {
      const loaded = load({ model }, {}, env);
      expect(loaded, model).toMatchObject({ config: { targets: [{ provider: 'bedrock', wire: 'none' }] } });
    }
  });

  it.each([
    'us.anthropic.claude-retired-20240229-v1:0',
    'anthropic.claude-of-next-year-v1:0',
    'mistral.unheard-of-v9:0',
    'claude-3-opus@20240229',
  ])("takes %s, which no list has, for no other vendor's", (model) => {
    const loaded = load({ model }, {}, { ANTHROPIC_API_KEY: 'k', MISTRAL_API_KEY: 'k' });
    expect(loaded).toMatchObject({ kind: 'loaded', config: { targets: [], unprobed: [{ model }] } });
    expect(loaded.notes.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('does not name its provider'),
    );
  });

  it('still knows whose the bare names of vendors are', () => {
    expect(target({ model: 'claude-sonnet-4-5' })).toMatchObject({ provider: 'anthropic' });
    expect(target({ model: 'gpt-4.1-mini' })).toMatchObject({ provider: 'openai' });
    expect(target({ model: 'o3-mini' })).toMatchObject({ provider: 'openai' });
  });
});

describe("fault: a provider whose format allswell does not have is asked in OpenAI's", () => {
  it.each([
    ['bedrock/agent/ABC/DEF', 'https://bedrock.example'],
    ['sagemaker/endpoint', 'https://sagemaker.example'],
    ['watsonx/ibm/granite', 'https://watsonx.example'],
    ['replicate/meta/llama', 'https://replicate.example'],
    ['vertex_ai/gemini-2.5-flash', 'https://us-central1-aiplatform.googleapis.com/v1/projects/p'],
    ['gemini/gemini-2.5-flash', 'https://gateway.example/gemini'],
    ['cohere/command-a-03-2025', 'https://gateway.example'],
    ['azure_ai/mistral-large', 'https://ours.services.ai.azure.com'],
  ])('only opens a connection for %s at %s, and says why', (model, api_base) => {
    const loaded = load({ model, api_base, api_key: 'k' });
    expect(loaded).toMatchObject({ config: { targets: [{ wire: 'none', mode: 'other', level: 'connect' }] } });
    expect(loaded.notes.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        'whose API allswell does not support for this deployment: a probe only opens a connection',
      ),
    );
  });

  it.each([
    ['vertex_ai/gemini-2.5-flash', 'https://eu.googleapis.com/v1/projects/p/locations/l/endpoints/openapi'],
    ['azure_ai/mistral-large', 'https://m.eastus2.models.ai.azure.com'],
    ['deepinfra/meta-llama/Llama-3.3-70B-Instruct', 'https://api.deepinfra.com/v1/openai'],
    ['newcomer/m', 'https://newcomer.example/v1'],
  ])('asks %s at %s for an answer', (model, api_base) => {
    expect(target({ model, api_base, api_key: 'k' })).toMatchObject({
      wire: 'openai',
      level: 'inference',
      apiBase: api_base,
    });
  });

  it("puts a base at a vendor's own host where OpenAI's format is", () => {
    expect(target({ model: 'gemini/x', api_base: 'https://generativelanguage.googleapis.com/v1beta' }).apiBase).toBe(
      'https://generativelanguage.googleapis.com/v1beta/openai',
    );
    expect(target({ model: 'cohere/x', api_base: 'https://api.cohere.com/v2/chat' }).apiBase).toBe(
      'https://api.cohere.com/compatibility/v1',
    );
  });

  it('only opens a connection where the only login is one that it does not have', () => {
    const params = {
      model: 'azure/ours',
      api_base: 'https://ours.openai.azure.com',
      tenant_id: 't',
      client_secret: 's',
    };
    expect(target(params)).toMatchObject({ wire: 'none', level: 'connect' });
    expect(target({ ...params, api_key: 'k' })).toMatchObject({ wire: 'azure', level: 'inference' });
  });
});

describe('fault: reasoning models are given max_tokens', () => {
  const azure = { api_base: 'https://ours.openai.azure.com', api_key: 'k' };
  it.each([
    ['openai/gpt-5.3-chat-latest', {}, 'max_completion_tokens'],
    ['openai/gpt-6', {}, 'max_completion_tokens'],
    ['openai/gpt-6-mini', {}, 'max_completion_tokens'],
    ['openai/o3', {}, 'max_completion_tokens'],
    ['azure/gpt5_series/prod', {}, 'max_completion_tokens'],
    ['azure/o_series/prod', {}, 'max_completion_tokens'],
    ['azure/gpt-5-chat', {}, 'max_completion_tokens'],
    ['azure/prod', { base_model: 'azure/gpt-5' }, 'max_completion_tokens'],
    ['azure/prod', {}, 'max_tokens'],
    ['openai/gpt-4o', {}, 'max_tokens'],
    ['openai/gpt-oss-120b', {}, 'max_tokens'],
    ['hosted_vllm/openai/gpt-5', {}, 'max_tokens'],
  ])('%s with %o is limited by %s', (model, info, limitName) => {
    expect(target({ model, ...azure }, info)).toMatchObject({ limitName });
  });
});

describe('fault: routes of LiteLLM are sent as part of the name', () => {
  it.each([
    ['azure/o_series/prod', 'prod', 'chat'],
    ['azure/gpt5_series/prod', 'prod', 'chat'],
    ['azure/responses/prod', 'prod', 'responses'],
    ['openai/responses/gpt-4o', 'gpt-4o', 'responses'],
    ['hosted_vllm/responses/m', 'responses/m', 'chat'],
  ])('%s is the model %s, asked by %s', (model, upstreamModel, mode) => {
    expect(target({ model, api_base: 'https://h.example/v1' })).toMatchObject({ upstreamModel, mode });
  });
});

describe("fault: Azure's versions", () => {
  const azure = { model: 'azure/prod', api_base: 'https://ours.openai.azure.com' };
  const versionOf = (...asked: Parameters<typeof load>): string | undefined => target(...asked).apiVersion;

  it('are those of LiteLLM where the file is silent', () => {
    expect(versionOf(azure)).toBe('2025-02-01-preview');
    expect(versionOf(azure, {}, { AZURE_API_VERSION: '2025-01-01' })).toBe('2025-01-01');
    expect(versionOf({ ...azure, api_version: 'v1' })).toBe('v1');
  });

  it('are those of the file alone for responses', () => {
    expect(versionOf(azure, { mode: 'responses' }, { AZURE_API_VERSION: '2025-01-01' })).toBeUndefined();
    expect(versionOf({ ...azure, api_version: 'latest' }, { mode: 'responses' })).toBe('latest');
  });

  it('take a token for the key where there is none, and no part in the identity by it', () => {
    const first = target({ ...azure, azure_ad_token: 'one' });
    expect(first).toMatchObject({ wire: 'azure', headers: { authorization: 'Bearer one' } });
    expect(target({ ...azure }, {}, { AZURE_AD_TOKEN: 'two' })).toMatchObject({ id: first.id });
    expect(target({ ...azure, azure_ad_token: 'one', api_key: 'k' }).headers).toBeUndefined();
    expect(target({ ...azure, azure_ad_token: 'oidc/google' }).headers).toBeUndefined();
  });
});

describe('fault: a chat that answers by voice is asked without modalities', () => {
  const voice = (name: string): object => ({ modalities: ['text', 'audio'], audio: { voice: name, format: 'wav' } });
  const asked = (...of: Parameters<typeof load>): object => target(...of).healthCheckParams;

  it('asks for voice, in the one that the file says', () => {
    expect(asked({ model: 'openai/gpt-audio' })).toEqual(voice('alloy'));
    expect(asked({ model: 'openai/gpt-audio' }, { health_check_voice: 'echo' })).toEqual(voice('echo'));
    const azure = { model: 'azure/prod', api_base: 'https://ours.openai.azure.com' };
    expect(asked(azure, { base_model: 'azure/gpt-4o-audio-preview' })).toEqual(voice('alloy'));
  });

  it('asks for none of other models, of other vendors, and where the file wants text', () => {
    expect(asked({ model: 'openai/gpt-4o' })).toEqual({});
    expect(asked({ model: 'openrouter/openai/gpt-audio' })).toEqual({});
    const text = { health_check_params: { modalities: ['text'] } };
    expect(asked({ model: 'openai/gpt-audio' }, text)).toEqual({ modalities: ['text'] });
  });
});

describe('fault: models of another mode are asked for a chat', () => {
  it.each([
    ['gemini/gemini-live-2.5-flash-preview', 'realtime'],
    ['gemini/gemini-2.5-flash-native-audio-latest', 'realtime'],
    ['gemini/gemini-2.5-flash-preview-tts', 'audio_speech'],
    ['gemini/gemini-2.5-flash-image', 'image_generation'],
    ['gemini/imagen-4.0-generate-001', 'image_generation'],
    ['gemini/veo-3.0-generate-001', 'video_generation'],
    ['xai/grok-2-image', 'image_generation'],
    ['xai/grok-imagine-image', 'image_generation'],
    ['xai/grok-imagine-video', 'video_generation'],
    ['mistral/mistral-ocr-latest', 'ocr'],
    ['mistral/voxtral-mini-latest', 'audio_transcription'],
    ['openai/sora-2', 'video_generation'],
    ['openai/omni-moderation-latest', 'moderation'],
    ['openai/gpt-5.1-codex', 'responses'],
    ['openai/gpt-5.2-pro', 'responses'],
    ['azure/gpt-5-codex', 'responses'],
    ['openai/o1-pro', 'responses'],
    ['voyage/of-next-year', 'embedding'],
    ['text-completion-openai/ours', 'completion'],
  ])('%s has the mode %s', (model, mode) => {
    const loaded = load({ model, ...(model.startsWith('azure') && { api_base: 'https://ours.openai.azure.com' }) });
    expect(loaded).toMatchObject({ config: { deployments: [{ mode }] } });
  });

  it("asks OpenAI's chat models by a chat, whatever completion the file says", () => {
    expect(target({ model: 'openai/gpt-4o' }, { mode: 'completion' }).mode).toBe('chat');
    expect(target({ model: 'openai/ours' }, { mode: 'completion' }).mode).toBe('completion');
    expect(target({ model: 'openai/gpt-3.5-turbo-instruct' }).mode).toBe('completion');
  });
});

describe('fault: parameters that a request needs are left out of the probe', () => {
  const base = { model: 'openai/gpt-4o', api_key: 'k' };

  it('sends headers and extra_headers, the latter first', () => {
    const params = { ...base, headers: { 'X-A': 1, 'X-B': 'b' }, extra_headers: { 'X-A': 'a' } };
    expect(target(params).headers).toEqual({ 'X-A': 'a', 'X-B': 'b' });
    const own = { health_check_params: { headers: { 'X-C': 'c' } } };
    expect(target({ ...base, headers: { 'X-B': 'b' } }, own)).toMatchObject({
      headers: { 'X-C': 'c' },
      healthCheckParams: {},
    });
  });

  it('sends extra_body as it is written, before what a probe says of itself', () => {
    const extra_body = { provider: { order: ['a'], n: 1 }, store: false };
    expect(target({ ...base, extra_body }, { health_check_params: { user: 'u' } }).healthCheckParams).toEqual({
      user: 'u',
      ...extra_body,
    });
    const own = { health_check_params: { extra_body: { n: 2 } } };
    expect(target({ ...base, extra_body }, own).healthCheckParams).toEqual({ n: 2 });
  });

  it('calls base_url, which goes before api_base', () => {
    expect(target({ ...base, base_url: 'https://a.example/v1' }).apiBase).toBe('https://a.example/v1');
    const both = { ...base, base_url: 'https://a.example/v1', api_base: 'https://b.example/v1' };
    expect(target(both).apiBase).toBe('https://a.example/v1');
  });
});
