import { describe, expect, it } from 'vitest';
import { endpointOf } from './index.ts';
import type { Reachable } from './index.ts';

const openai: Reachable = { wire: 'openai', apiBase: 'http://vllm:8000/v1', upstreamModel: 'meta/llama', apiKey: 'k' };
const azure: Reachable = {
  wire: 'azure',
  apiBase: 'https://eu.openai.azure.com',
  upstreamModel: 'prod gpt',
  apiKey: 'k',
  apiVersion: '2024-10-21',
};
const urlOf = (target: Reachable, api: Parameters<typeof endpointOf>[1]): string => endpointOf(target, api).url.href;

describe("OpenAI's wire", () => {
  it('appends the call to the base', () => {
    expect(urlOf(openai, 'chat/completions')).toBe('http://vllm:8000/v1/chat/completions');
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
    const { url, headers } = endpointOf(azure, 'chat/completions');
    expect(url.href).toBe(
      'https://eu.openai.azure.com/openai/deployments/prod%20gpt/chat/completions?api-version=2024-10-21',
    );
    expect(headers).toEqual({ 'api-key': 'k' });
    expect(urlOf(azure, 'models')).toBe('https://eu.openai.azure.com/openai/models?api-version=2024-10-21');
  });

  it('keeps a deployment that the base names already', () => {
    const apiBase = 'https://eu.openai.azure.com/openai/deployments/other';
    expect(urlOf({ ...azure, apiBase }, 'embeddings')).toBe(
      'https://eu.openai.azure.com/openai/deployments/other/embeddings?api-version=2024-10-21',
    );
    expect(urlOf({ ...azure, apiBase }, 'models')).toBe(
      'https://eu.openai.azure.com/openai/models?api-version=2024-10-21',
    );
  });

  it('understands the API without versions', () => {
    const apiBase = 'https://eu.openai.azure.com/openai/v1';
    expect(urlOf({ ...azure, apiBase }, 'chat/completions')).toBe(`${apiBase}/chat/completions`);
  });
});
