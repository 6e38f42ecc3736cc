import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { AllswellConfig, LoadedConfig } from '../types.ts';

const models = `
model_list:
  - { model_name: prod, litellm_params: { model: openai/a } }
  - { model_name: prod, litellm_params: { model: openai/b }, model_info: { disable_background_health_check: true } }
  - { model_name: test, litellm_params: { model: openai/c } }
  - { model_name: also-a, litellm_params: { model: openai/a } }
`;

describe('background_health_check_model_groups', () => {
  it('leaves all other groups out of the background, and nobody out of a check on demand', () => {
    const { deployments, targets } = config('background_health_check_model_groups: [prod]');
    expect(deployments.map(({ inBackground }) => inBackground)).toEqual([true, false, false, false]);
    expect(deployments.map(({ onDemand }) => onDemand)).toEqual([true, true, true, true]);
    expect(targets.map(({ name, background }) => [name, background])).toEqual([
      ['openai/a', true],
      ['openai/b', false],
      ['openai/c', false],
    ]);
  });

  it('warns about a group that no model belongs to, with the one that was meant', () => {
    expect(notes('background_health_check_model_groups: [prod, tets]')).toEqual([
      '2:48 general_settings.background_health_check_model_groups[1] is not a model group: did you mean test?',
    ]);
  });

  it("says with LiteLLM's line that nothing is left", () => {
    expect(notes('background_health_check_model_groups: [x, y]')).toContain(
      "2:41 background_health_check_model_groups matched no deployments; groups=['x', 'y']",
    );
  });

  it.each(['prod', '{ prod: true }', '[[prod]]', '[true]'])('must be a list of names, and is not %s', (value) => {
    const loaded = load(`background_health_check_model_groups: ${value}`);
    expect(loaded).toMatchObject({ kind: 'refused', problems: [{ code: 'ALLSWELL_ERR_CONFIG_INVALID', line: 2 }] });
  });
});

describe('health_check_skip_disabled_background_models', () => {
  it('keeps what opted out of background checks from being checked on demand, and nothing else', () => {
    const { deployments } = config(
      'health_check_skip_disabled_background_models: true\n  background_health_check_model_groups: [test]',
    );
    expect(deployments.map(({ onDemand }) => onDemand)).toEqual([true, false, true, true]);
  });
});

function load(general: string): LoadedConfig {
  return loadConfig({ text: `general_settings:\n  ${general}${models}`, env: {}, readFile: () => '' });
}

function config(general: string): AllswellConfig {
  const loaded = load(general);
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function notes(general: string): readonly string[] {
  const loaded = load(general);
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.notes
    .filter(({ message }) => message.includes('model_groups'))
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
}
