import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { AllswellConfig, Env } from '../types.ts';

function target(litellm_params: object, model_info: object = {}, env: Env = {}): AllswellConfig['targets'][number] {
  const text = JSON.stringify({ model_list: [{ model_name: 'm', litellm_params, model_info }] });
  const loaded = loadConfig({ text, env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.targets[0]!;
}

describe('a login that needs more than a key', () => {
  const warnings = (params: object, env: Env = {}): readonly string[] => {
    const litellm_params = { model: 'azure/ours', api_base: 'https://ours.example', ...params };
    const text = JSON.stringify({ model_list: [{ model_name: 'm', litellm_params }] });
    const { notes } = loadConfig({ text, env, readFile: () => '' });
    return notes
      .filter(({ level, path }) => level === 'warn' && path.includes('litellm_params'))
      .map(({ message }) => message);
  };

  it('causes a warning if it is the only one, because the upstream would appear down', () => {
    expect(warnings({ client_secret: 'os.environ/SECRET', tenant_id: 't' }, { SECRET: 'S3CR3T' })).toEqual([
      expect.stringMatching(
        /^model_list\[0\]\.litellm_params\.client_secret uses an authentication method that allswell does not support/,
      ),
    ]);
    expect(warnings({ azure_password: 'p' })).toHaveLength(1);
    // These are enough to log in at Entra ID.
    expect(warnings({ tenant_id: 't', client_id: 'c', client_secret: 's' })).toEqual([]);
  });

  it('does not matter beside a key', () => {
    expect(warnings({ client_secret: 'x', api_key: 'k' })).toEqual([]);
    expect(warnings({ client_secret: 'x' }, { AZURE_API_KEY: 'k' })).toEqual([]);
    expect(warnings({})).toEqual([]);
  });
});

describe('a target', () => {
  it.each([
    ['groq/llama-3', 'GROQ_API_KEY', { apiBase: 'https://api.groq.com/openai/v1', wire: 'openai' }],
    [
      'anthropic/claude-sonnet-4-5',
      'ANTHROPIC_API_KEY',
      { apiBase: 'https://api.anthropic.com/v1', wire: 'anthropic' },
    ],
    ['together_ai/meta/llama', 'TOGETHERAI_API_KEY', { upstreamModel: 'meta/llama' }],
    ['fireworks_ai/llama', 'FIREWORKS_AI_API_KEY', { upstreamModel: 'accounts/fireworks/models/llama' }],
    ['perplexity/sonar', 'PERPLEXITYAI_API_KEY', { apiBase: 'https://api.perplexity.ai' }],
    ['claude-sonnet-4-5', 'ANTHROPIC_API_KEY', { provider: 'anthropic', upstreamModel: 'claude-sonnet-4-5' }],
  ])('of %s has what the table of vendors says, and the key of %s', (model, variable, expected) => {
    expect(target({ model }, {}, { [variable]: 'k' })).toMatchObject({ ...expected, apiKey: 'k' });
  });

  it('is one however its vendor spells the base and the mode', () => {
    const spelt = [
      'https://api.anthropic.com',
      'https://api.anthropic.com/v1/messages',
      'https://api.anthropic.com/v1/',
    ];
    const ids = spelt.map((api_base) => target({ model: 'anthropic/claude-x', api_base }).id);
    ids.push(target({ model: 'anthropic/claude-x' }, { mode: 'anthropic_messages' }).id);
    expect(new Set(ids).size).toBe(1);
  });

  it('where there is no list of models is at least connected to', () => {
    expect(target({ model: 'perplexity/x' }, { mode: 'image_generation' })).toMatchObject({
      mode: 'other',
      level: 'connect',
    });
  });
});
