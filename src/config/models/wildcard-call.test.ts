import { describe, expect, it } from 'vitest';
import { callFor } from './wildcard-call.ts';
import { loadConfig } from '../load.ts';
import type { Deployment } from '../types.ts';

function deployment(model_name: string, model: string, params: object = {}, model_info: object = {}): Deployment {
  const entry = { model_name, litellm_params: { model, api_key: 'sk-own', ...params }, model_info };
  const level = { model: { [model_name]: 'connect' } };
  const text = JSON.stringify({ model_list: [entry], fleet_health: { level } });
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.deployments[0]!;
}

// The third column is what LiteLLM 1.110.2's `set_deployment_model_name` yields, without the provider.
describe('a request through a wildcard', () => {
  it.each([
    ['openai/*', 'openai/*', 'openai/gpt-4o', 'gpt-4o'],
    ['*', 'openai/*', 'gpt-4o', 'gpt-4o'],
    ['*', 'openai/*', 'openai/gpt-4o', 'openai/gpt-4o'],
    ['llmengine/*', 'openai/*', 'llmengine/foo', 'foo'],
    ['engine/fo::*::static::*', 'openai/fo::*::static::*', 'engine/fo::bar::static::baz', 'fo::bar::static::baz'],
    ['openai/*-preview', 'openai/*-preview', 'openai/gpt-4-preview-0125', 'gpt-4-preview'],
    ['x/*', 'openai/*-*', 'x/y', 'y-*'],
    ['openai/*', 'openai/gpt-4o-mini', 'openai/gpt-4o', 'gpt-4o-mini'],
    ['*/*', 'openai/*', 'openai/gpt-4o', 'gpt-4o'],
    ['openrouter/*', 'openrouter/*', 'openrouter/openai/gpt-4o', 'openai/gpt-4o'],
    ['openai/*', 'openai/*', 'openai/$&', '$&'],
  ])('%s to %s calls for %s the model %s', (group, model, requested, called) => {
    expect(callFor(deployment(group, model), requested)).toMatchObject({ kind: 'callable', upstreamModel: called });
  });

  it('keeps address, credentials and headers of the deployment', () => {
    const one = deployment('mine/*', 'openai/*', { api_base: 'https://x.example/v1', extra_headers: { a: 'b' } });
    expect(callFor(one, 'mine/m')).toEqual({ ...one.call, upstreamModel: 'm' });
  });

  it('has the mode and the route of the model that it calls, unless the file says a mode', () => {
    const any = deployment('openai/*', 'openai/*');
    expect(callFor(any, 'openai/text-embedding-3-small')).toMatchObject({ mode: 'embedding' });
    expect(callFor(any, 'openai/responses/gpt-4o')).toMatchObject({ mode: 'responses', upstreamModel: 'gpt-4o' });
    const said = deployment('openai/*', 'openai/*', {}, { mode: 'embedding' });
    expect(callFor(said, 'openai/gpt-4o')).toMatchObject({ mode: 'embedding' });
  });

  it.each([
    ['a name of another group', 'openai/*', 'openai/*', 'anthropic/claude'],
    ['a name that leads to another provider, to which the key does not belong', '*/*', 'openai/*', 'anthropic/claude'],
    ['an empty name', 'openai/*', 'openai/*', 'openai/'],
    ['a group without a wildcard', 'any', 'openai/*', 'any'],
    ['a region of Bedrock', 'bedrock/*', 'bedrock/*', 'bedrock/us-east-1/anthropic.claude-v2'],
  ])('is not sent for %s', (_what, group, model, requested) => {
    expect(callFor(deployment(group, model), requested)).toMatchObject({ kind: 'not-callable' });
  });
});

it('a deployment without a wildcard calls what it calls', () => {
  const one = deployment('m', 'openai/gpt-4o');
  expect(callFor(one, 'm')).toBe(one.call);
});
