import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config/index.ts';
import type { AllswellConfig } from '../../../../src/config/index.ts';
import type { TargetView } from '../../../../src/ports/index.ts';
import { createCooldownSource } from '../../../../src/server/litellm/cooldown-source.ts';
import { downView, fleetDouble, upView } from '../../../golden/fleet-double.ts';

function load(models: string): AllswellConfig {
  const loaded = loadConfig({
    text: `model_list:\n${models}\ngeneral_settings: { background_health_checks: true }`,
    env: {},
    readFile: () => '',
    profile: 'bridge',
  });
  if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
  return loaded.config;
}

const TWO = `
  - { model_name: chat, litellm_params: { model: openai/a, api_key: k }, model_info: { id: id-a } }
  - { model_name: chat, litellm_params: { model: sagemaker/x, tags: [eu] }, model_info: { id: id-x } }`;

function sourceOf(config: AllswellConfig, view: (id: string) => TargetView) {
  const fleet = fleetDouble(config.targets.map(({ id }) => view(id)));
  return createCooldownSource({ config, fleet, redact: (text) => text.replaceAll('sk-a', '***') });
}

describe('the deployments that LiteLLM should leave out', () => {
  it('are those that are down, with the status and the reason, redacted', () => {
    const failure = { class: 'auth', message: 'wrong key sk-a', status: 401 } as const;
    const source = sourceOf(load(TWO), (id) => downView(id, failure));
    expect(source.candidates()).toMatchObject([
      { modelId: 'id-a', group: 'chat', reason: 'down', status: 401, why: expect.stringContaining('wrong key ***') },
    ]);
  });

  it('are none while everything is up', () => {
    expect(sourceOf(load(TWO), (id) => upView(id)).candidates()).toEqual([]);
  });

  it('leave a deployment that is not probed in its group: LiteLLM routes to it, and its cooldowns are read', () => {
    const source = sourceOf(load(TWO), (id) => upView(id));
    expect(source.modelIds).toEqual(['id-a', 'id-x']);
    expect(source.pools).toEqual([{ name: 'chat', own: ['id-a', 'id-x'], reach: ['id-a', 'id-x'] }]);
  });

  it('know the tags of a deployment that is not probed', () => {
    const text = `${TWO}\nrouter_settings: { enable_tag_filtering: true }`;
    expect(sourceOf(load(text), (id) => upView(id)).pools.map(({ name }) => name)).toEqual([
      'chat (tag eu)',
      'chat (tag default)',
    ]);
  });
});
