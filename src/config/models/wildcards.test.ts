import { expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig } from '../types.ts';

function load(model: string, more: { info?: object; level?: object } = {}): LoadedConfig {
  const text = `model_list:
  - model_name: any
    litellm_params: { model: ${model} }
    model_info: ${JSON.stringify(more.info ?? {})}
fleet_health: { level: ${JSON.stringify(more.level ?? {})} }
`;
  return loadConfig({
    file: 'proxy_config.yaml',
    text,
    env: { LITELLM_MASTER_KEY: 'sk-9a1f6c3e8b2d47f0a5c1' },
    readFile: () => '',
  });
}

const target = (...asked: Parameters<typeof load>): unknown => {
  const loaded = load(...asked);
  return loaded.kind === 'loaded' ? loaded.config.targets[0] : loaded.problems;
};

it('a wildcard is asked for its list of models, and says so', () => {
  expect(target('openai/*')).toMatchObject({ upstreamModel: '*', level: 'models' });
  expect(load('openai/*')).toMatchObject({
    notes: [
      {
        message:
          "model_list[0].litellm_params.model is a wildcard without health_check_model: a probe only reads the upstream's list of models",
      },
    ],
  });
});

it('a wildcard with health_check_model is asked for an answer', () => {
  const info = { health_check_model: 'gpt-4o-mini' };
  expect(target('openai/*', { info })).toMatchObject({ upstreamModel: 'gpt-4o-mini', level: 'inference' });
});

it('a wildcard that shall answer all the same is a problem, with its line', () => {
  expect(load('openai/*', { level: { model: { any: 'inference' } } })).toMatchObject({
    kind: 'refused',
    problems: [
      {
        code: 'ALLSWELL_ERR_CONFIG_INVALID',
        line: 3,
        path: 'model_list[0].litellm_params.model',
        message: 'model_list[0].litellm_params.model is a wildcard, which cannot be probed at level inference',
        expected: 'one of its models in model_info.health_check_model, or the level models in fleet_health.level.model',
      },
    ],
  });
});

it('a level for all chats does not refuse a wildcard among them', () => {
  expect(target('openai/*', { level: { mode: { chat: 'inference' } } })).toMatchObject({ level: 'models' });
});

it('a wildcard of a vendor without a list of models is a problem, unless a connection is enough', () => {
  expect(load('perplexity/*')).toMatchObject({
    kind: 'refused',
    problems: [
      {
        line: 3,
        message: 'model_list[0].litellm_params.model is a wildcard, and perplexity has no list of models',
        expected:
          'one of its models in model_info.health_check_model, or the level connect in fleet_health.level.model',
      },
    ],
  });
  expect(target('perplexity/*', { level: { model: { any: 'connect' } } })).toMatchObject({ level: 'connect' });
  expect(target('perplexity/*', { info: { health_check_model: 'sonar' } })).toMatchObject({ level: 'inference' });
});

it('a level that the vendor does not have becomes the next one, and says so', () => {
  const asked = { level: { model: { any: 'models' } } };
  expect(target('perplexity/sonar', asked)).toMatchObject({ level: 'connect' });
  expect(load('perplexity/sonar', asked)).toMatchObject({
    notes: [{ message: expect.stringContaining('belongs to perplexity, which has no list of models: a probe only') }],
  });
});
