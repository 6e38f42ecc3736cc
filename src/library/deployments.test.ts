import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { identityKey } from '../providers/index.ts';
import { deploymentsOf } from './deployments.ts';
import { anthropic, azure, openai, vendor } from './upstreams.ts';
import type { LibraryUpstream } from './upstreams.ts';

/** Target ids of a gateway with these `litellm_params`. */
function ofGateway(params: object): readonly [string, string] {
  const text = JSON.stringify({ model_list: [{ model_name: 'group', litellm_params: params }] });
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  const [target] = loaded.config.targets;
  return [target!.id, target!.holdKey];
}

describe('the target of an upstream', () => {
  const headers = { 'x-team': 'checkout' };
  it.each<[name: string, upstream: LibraryUpstream, params: object]>([
    ['OpenAI', openai({ apiKey: 'k', model: 'gpt-4o' }), { model: 'openai/gpt-4o', api_key: 'k' }],
    ['no key', openai({ model: 'gpt-4o' }), { model: 'openai/gpt-4o' }],
    [
      'a server of its own',
      openai({ apiKey: 'k', model: 'm', baseUrl: 'HTTP://Vllm:80/v1/', headers }),
      { model: 'openai/m', api_key: 'k', api_base: 'http://vllm/v1', extra_headers: headers },
    ],
    [
      'Azure',
      azure({ endpoint: 'https://r.openai.azure.com/', deployment: 'prod', apiKey: 'k' }),
      { model: 'azure/prod', api_base: 'https://r.openai.azure.com', api_key: 'k' },
    ],
    ['Anthropic', anthropic({ apiKey: 'k', model: 'claude' }), { model: 'anthropic/claude', api_key: 'k' }],
    ['Groq', vendor('groq', { apiKey: 'k', model: 'llama' }), { model: 'groq/llama', api_key: 'k' }],
    [
      'embeddings',
      openai({ apiKey: 'k', model: 'text-embedding-3-small', mode: 'embedding' }),
      { model: 'openai/text-embedding-3-small', api_key: 'k' },
    ],
  ])('is that of a gateway with the same upstream: %s', (_, upstream, params) => {
    const [one] = deploymentsOf({ group: [upstream] }, identityKey(undefined, 'default'));
    expect([one?.target, one?.holdKey]).toEqual(ofGateway(params));
  });

  it('is another one with another key', () => {
    const of = (apiKey: string): string | undefined =>
      deploymentsOf({ group: [openai({ apiKey })] }, identityKey(undefined, 'default'))[0]?.target;
    expect(of('k')).not.toBe(of('l'));
  });
});
