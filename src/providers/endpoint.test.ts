import { describe, expect, it } from 'vitest';
import { asksBy, deepestLevel, endpointOf, possibleLevel } from './index.ts';
import type { Reachable } from './index.ts';

const openai: Reachable = {
  provider: 'hosted_vllm',
  wire: 'openai',
  apiBase: 'http://vllm:8000/v1',
  upstreamModel: 'meta/llama',
  apiKey: 'k',
};
const azure: Reachable = {
  provider: 'azure',
  wire: 'azure',
  apiBase: 'https://eu.openai.azure.com',
  upstreamModel: 'prod gpt',
  apiKey: 'k',
  apiVersion: '2024-10-21',
};
const urlOf = (target: Reachable, api: Parameters<typeof endpointOf>[1]): string => endpointOf(target, api).url.href;

describe("OpenAI's wire", () => {
  it('appends the call to the base', () => {
    expect(urlOf(openai, 'chat')).toBe('http://vllm:8000/v1/chat/completions');
    expect(urlOf(openai, 'models')).toBe('http://vllm:8000/v1/models');
  });

  it('sends the key as a bearer, the organization, and own headers over both', () => {
    const headers = { 'X-Team': 'a', Authorization: 'Basic x' };
    expect(endpointOf({ ...openai, organization: 'org-1' }, 'models').headers).toEqual({
      authorization: 'Bearer k',
      'openai-organization': 'org-1',
    });
    expect(endpointOf({ ...openai, headers }, 'models').headers).toEqual({ authorization: 'Basic x', 'x-team': 'a' });
  });

  it('sends no credential where there is none', () => {
    const { apiKey: _none, ...open } = openai;
    expect(endpointOf(open, 'models').headers).toEqual({});
  });
});

describe('Azure', () => {
  it('names the deployment in the path, the version in the query and the key in a header of its own', () => {
    const { url, headers } = endpointOf(azure, 'chat');
    expect(url.href).toBe(
      'https://eu.openai.azure.com/openai/deployments/prod%20gpt/chat/completions?api-version=2024-10-21',
    );
    expect(headers).toEqual({ 'api-key': 'k' });
    expect(urlOf(azure, 'models')).toBe('https://eu.openai.azure.com/openai/models?api-version=2024-10-21');
  });

  it('asks for a response without naming the deployment in the path', () => {
    const { apiVersion: _none, ...unversioned } = azure;
    const resource = 'https://eu.openai.azure.com/openai';
    expect(urlOf(unversioned, 'responses')).toBe(`${resource}/v1/responses?api-version=preview`);
    expect(urlOf({ ...azure, apiVersion: 'latest' }, 'responses')).toBe(`${resource}/v1/responses?api-version=latest`);
    expect(urlOf(azure, 'responses')).toBe(`${resource}/responses?api-version=2024-10-21`);
  });

  it.each(['v1', 'latest', 'preview'])(
    'is asked at its newer API where the version is %s, as OpenAI is',
    (apiVersion) => {
      const newer = { ...azure, apiVersion };
      expect(urlOf(newer, 'chat')).toBe('https://eu.openai.azure.com/openai/v1/chat/completions');
      expect(urlOf(newer, 'models')).toBe('https://eu.openai.azure.com/openai/v1/models');
      expect(endpointOf(newer, 'chat').headers).toEqual({ authorization: 'Bearer k' });
      expect(endpointOf(newer, 'responses').headers).toEqual({ 'api-key': 'k' });
    },
  );

  it('keeps a deployment that the base names already', () => {
    const apiBase = 'https://eu.openai.azure.com/openai/deployments/other';
    expect(urlOf({ ...azure, apiBase }, 'embedding')).toBe(
      'https://eu.openai.azure.com/openai/deployments/other/embeddings?api-version=2024-10-21',
    );
    expect(urlOf({ ...azure, apiBase }, 'models')).toBe(
      'https://eu.openai.azure.com/openai/models?api-version=2024-10-21',
    );
  });

  it('understands the API without versions', () => {
    const apiBase = 'https://eu.openai.azure.com/openai/v1';
    expect(urlOf({ ...azure, apiBase }, 'chat')).toBe(`${apiBase}/chat/completions`);
  });
});

describe("Anthropic's wire", () => {
  const anthropic: Reachable = {
    provider: 'anthropic',
    wire: 'anthropic',
    apiBase: 'https://api.anthropic.com/v1',
    upstreamModel: 'claude-sonnet-4-5',
    apiKey: 'k',
  };

  it('has a path, a version and a header for the key of its own', () => {
    const { url, headers } = endpointOf(anthropic, 'chat');
    expect(url.href).toBe('https://api.anthropic.com/v1/messages');
    expect(headers).toEqual({ 'anthropic-version': '2023-06-01', 'x-api-key': 'k' });
    expect(urlOf(anthropic, 'models')).toBe('https://api.anthropic.com/v1/models?limit=1000');
  });

  it('takes the token of a subscription as a bearer, and says so', () => {
    expect(endpointOf({ ...anthropic, apiKey: 'sk-ant-oat01-x' }, 'chat').headers).toEqual({
      'anthropic-version': '2023-06-01',
      authorization: 'Bearer sk-ant-oat01-x',
      'anthropic-beta': 'oauth-2025-04-20',
      'anthropic-dangerous-direct-browser-access': 'true',
    });
  });

  it('takes another version from the headers of the configuration', () => {
    const headers = { 'Anthropic-Version': '2099-01-01' };
    expect(endpointOf({ ...anthropic, headers }, 'chat').headers).toMatchObject({ 'anthropic-version': '2099-01-01' });
  });

  it('has no call but the one for a message', () => {
    expect(['chat', 'completion', 'embedding', 'responses'].filter((mode) => asksBy('anthropic', mode))).toEqual([
      'chat',
    ]);
    expect(asksBy('openai', 'toString')).toBe(false);
  });
});

describe('a list of models at a path of its own', () => {
  const cohere: Reachable = {
    provider: 'cohere',
    wire: 'openai',
    apiBase: 'https://api.cohere.ai/compatibility/v1',
    upstreamModel: 'm',
  };

  it("is asked for at the vendor's host, and at nobody else's", () => {
    expect(urlOf(cohere, 'models')).toBe('https://api.cohere.ai/v1/models?page_size=1000');
    expect(urlOf({ ...cohere, apiBase: 'http://proxy/cohere/v1' }, 'models')).toBe('http://proxy/cohere/v1/models');
  });
});

describe('what a probe can look at', () => {
  const looked = { provider: 'openai', wire: 'openai', upstreamModel: 'm', mode: 'chat' } as const;

  it.each([
    ['a chat', {}, 'inference'],
    ['a response', { mode: 'responses' }, 'inference'],
    ['an image', { mode: 'image_generation' }, 'models'],
    ['a wildcard', { upstreamModel: 'gpt-*' }, 'models'],
    ['an image where there is no list', { mode: 'image_generation', provider: 'perplexity' }, 'connect'],
    ["an embedding over Anthropic's wire", { provider: 'anthropic', wire: 'anthropic', mode: 'embedding' }, 'models'],
  ] as const)('of %s is %s at most', (_what, changes, level) => {
    expect(deepestLevel({ ...looked, ...changes })).toBe(level);
    expect(possibleLevel('inference', { ...looked, ...changes })).toBe(level);
  });

  it('is a connection where a list is asked for that there is not', () => {
    expect(possibleLevel('models', { ...looked, provider: 'perplexity' })).toBe('connect');
    expect(possibleLevel('models', looked)).toBe('models');
    expect(possibleLevel('connect', looked)).toBe('connect');
  });
});
