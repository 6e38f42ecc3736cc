import { describe, expect, it } from 'vitest';
import { keyTable } from './known-keys.ts';
import { loadConfig } from '../load.ts';
import type { ConfigNote, Problem } from '../types.ts';

function load(text: string): { problems: readonly Problem[]; notes: readonly ConfigNote[] } {
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  return { problems: [], ...loaded };
}

function messages(text: string): readonly string[] {
  const { problems, notes } = load(text);
  const ignored = notes.filter(({ message }) => /ignored|no effect/.test(message));
  return [...problems, ...ignored].map(
    (one) => `${one.line}:${one.column} ${'level' in one ? one.level : one.code} ${one.message}`,
  );
}

describe('keys that are not acted upon', () => {
  it('are told once each, with their place', () => {
    const yaml = 'general_settings:\n  alert_types: [slack]\n  something_new: 1\nmystery: {}\n';
    expect(messages(yaml)).toEqual([
      '2:3 info general_settings.alert_types is ignored: not used by allswell',
      '3:3 info general_settings.something_new is ignored: unknown key',
      '4:1 info mystery is ignored: unknown key',
    ]);
  });

  it('are told once for all models that have them', () => {
    const model = '{ model_name: a, litellm_params: { model: openai/m, seed: 1 } }';
    expect(messages(`model_list: [${model}, ${model}, ${model}]`)).toEqual([
      '1:66 info model_list[0].litellm_params.seed is ignored (3 times): not used by allswell',
    ]);
  });

  it.each([
    [
      'general_settings: { helth_check_interval: 3 }',
      'general_settings.helth_check_interval is not a known key and is ignored: did you mean health_check_interval?',
    ],
    ['general_settings: { health_check_intreval: 3 }', 'did you mean health_check_interval?'],
    ['litellm_settings: { cache_parms: {} }', 'did you mean cache_params?'],
    ['modle_list: []', 'did you mean model_list?'],
    ['model_list: [{ model_name: a, litellm_params: { model: openai/m, api_bse: x } }]', 'did you mean api_base?'],
  ])('that are probably misspelled have a warning with the right word: %s', (yaml, message) => {
    expect(messages(yaml)).toEqual([expect.stringMatching(/ warn /)]);
    expect(messages(yaml)[0]).toContain(message);
  });

  it('of settings written at the top level are a problem, since the switch would silently do nothing', () => {
    expect(messages('use_shared_health_check: true')).toEqual([
      '1:1 ALLSWELL_ERR_CONFIG_INVALID use_shared_health_check belongs under general_settings',
    ]);
  });
});

describe("keys of LiteLLM's routing that allswell does not implement", () => {
  it('are reported in one line', () => {
    expect(messages('router_settings: { enable_pre_call_checks: true, routing_groups: [a] }\n')).toEqual([
      '1:20 info router_settings.enable_pre_call_checks (and router_settings.routing_groups) have no effect: allswell does not implement them',
    ]);
  });

  it('are reported together, from all blocks, each once', () => {
    const model = '{ model_name: a, litellm_params: { model: openai/m, max_retries: 1 } }';
    const yaml = `model_list: [${model}, ${model}]\nrouter_settings: { default_priority: 2 }\n`;
    expect(messages(yaml)).toEqual([
      '1:66 info model_list[0].litellm_params.max_retries (and router_settings.default_priority) ' +
        'have no effect: allswell does not implement them',
    ]);
    expect(messages('router_settings: { default_priority: 2 }')).toEqual([
      '1:20 info router_settings.default_priority has no effect: allswell does not implement it',
    ]);
  });

  it('are not reported where they are off', () => {
    expect(messages('router_settings: { enable_pre_call_checks: false, routing_groups: [] }')).toEqual([]);
  });

  it('are no slip where LiteLLM has them in two blocks', () => {
    expect(messages('router_settings: { background_health_check_model_groups: [a] }')).toEqual([
      expect.stringMatching(/^1:20 info .*has no effect/),
    ]);
  });
});

describe('keys in the wrong block', () => {
  it('are refused under router_settings, where LiteLLM refuses them as well', () => {
    expect(messages('router_settings: { health_check_interval: 20, health_check_concurrency: 2 }')).toEqual([
      '1:20 ALLSWELL_ERR_CONFIG_INVALID router_settings.health_check_interval belongs under general_settings',
      '1:47 ALLSWELL_ERR_CONFIG_INVALID router_settings.health_check_concurrency belongs under general_settings',
    ]);
  });

  it.each([
    ['litellm_settings: { use_shared_health_check: true }', 'general_settings'],
    ['general_settings: { cache_params: {} }', 'litellm_settings'],
    ['general_settings: { edge_interval: 3 }', 'fleet_health'],
    ['litellm_settings: { cooldown_time: 30 }', 'router_settings'],
    ['general_settings: { routing_strategy: least-busy }', 'router_settings'],
    ['router_settings: { request_timeout: 30 }', 'litellm_settings'],
    ['num_retries: 3', 'litellm_settings'],
    ['model_list: [{ model_name: a, litellm_params: { model: openai/m, health_check_timeout: 3 } }]', 'model_info'],
    ['model_list: [{ model_name: a, litellm_params: { model: openai/m }, health_check_timeout: 3 }]', 'model_info'],
    [
      'model_list: [{ model_name: a, litellm_params: { model: openai/m }, model_info: { api_base: x } }]',
      'litellm_params',
    ],
  ])('are warned about elsewhere: %s', (yaml, home) => {
    expect(messages(yaml)).toEqual([expect.stringMatching(`warn .* is ignored here: it belongs under ${home}$`)]);
  });
});

describe('protective keys', () => {
  it('stop the start, and say how to accept that they are ignored', () => {
    expect(load('general_settings:\n  custom_auth: my.module\n').problems).toEqual([
      {
        code: 'ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY',
        file: 'configuration',
        line: 2,
        column: 3,
        path: 'general_settings.custom_auth',
        message: 'general_settings.custom_auth is a security setting that allswell does not enforce',
        expected: 'no general_settings.custom_auth in the file, or its name in fleet_health.accept_ignored',
      },
    ]);
  });

  const everyOne = Object.entries(keyTable).flatMap(([block, { protective = [] }]) =>
    protective.map((key) => [block, key] as const),
  );

  it.each(everyOne)('each of them does: %s %s', (block, key) => {
    const name = block === '' ? key : `${block}.${key}`;
    const inner: Record<string, unknown> = { [key]: ['x'] };
    const text = JSON.stringify(nested(block, inner));
    expect(load(text).problems).toMatchObject([{ code: 'ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY' }]);
    const file = nested(block, inner);
    const accepting = { ...file, fleet_health: { ...Object(file['fleet_health']), accept_ignored: [name] } };
    expect(load(JSON.stringify(accepting)).problems).toEqual([]);
  });

  it.each(['null', 'false', '[]', '{}', '""'])('that are switched off do not: %s', (value) => {
    expect(load(`general_settings: { allowed_ips: ${value} }`).problems).toEqual([]);
  });

  it('that are off in the first model and on in the second do', () => {
    const model = (budget: string): string =>
      `  - { model_name: a, litellm_params: { model: openai/m, max_budget: ${budget} } }\n`;
    expect(load(`model_list:\n${model('null')}${model('0')}`).problems).toMatchObject([
      { line: 3, path: 'model_list[1].litellm_params.max_budget' },
    ]);
    expect(load(`model_list:\n${model('5')}${model('null')}`).problems).toMatchObject([{ line: 2 }]);
  });

  it.each([
    ['[prometheus, langfuse]', 0],
    ['prometheus', 0],
    ['[prometheus, presidio]', 1],
    ['custom_callbacks.proxy_handler_instance', 1],
    ['[{ prompt_injection: {} }]', 1],
  ])('among callbacks are all but the known recorders: %s', (value, problems) => {
    expect(load(`litellm_settings: { callbacks: ${value} }`).problems).toHaveLength(problems);
    expect(load(`litellm_settings: { success_callback: ${value} }`).problems).toHaveLength(0);
  });
});

function nested(block: string, inner: Record<string, unknown>): Record<string, unknown> {
  if (block === '') return inner;
  if (block === 'model_list[].litellm_params') {
    return { model_list: [{ model_name: 'a', litellm_params: { model: 'openai/m', ...inner } }] };
  }
  return { [block]: inner };
}

it.each(Object.entries(keyTable))('each key of the block %j has one class', (_block, classes) => {
  const keys = Object.values(classes).flat();
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});
