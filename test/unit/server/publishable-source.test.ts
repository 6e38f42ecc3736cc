import { describe, expect, it } from 'vitest';
import { downView, fleetDouble, NOW, PROBER, upView, viewOf } from '../../golden/fleet-double.ts';
import { loadConfig } from '../../../src/config/index.ts';
import type { AllswellConfig } from '../../../src/config/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { createPublishableSource } from '../../../src/server/litellm/publishable-source.ts';

function load(general = '', blocks = ''): AllswellConfig {
  const text = `
model_list:
  - { model_name: a, litellm_params: { model: openai/a, api_key: sk-a }, model_info: { id: id-a, health_check_timeout: 5 } }
  - { model_name: twin, litellm_params: { model: openai/a, api_key: sk-a }, model_info: { id: id-twin, health_check_timeout: 5 } }
  - { model_name: out, litellm_params: { model: openai/out, api_key: sk-a }, model_info: { id: id-out, disable_background_health_check: true } }
general_settings: { background_health_checks: true, health_check_interval: 20${general} }
${blocks}`;
  const loaded = loadConfig({ text, env: { DEFAULT_SHARED_HEALTH_CHECK_TTL: '60' }, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
  return loaded.config;
}

function vouchingFor(view: (id: string) => TargetView, config = load()) {
  const fleet = fleetDouble(config.targets.map(({ id }) => view(id)));
  return createPublishableSource({ config, fleet, redact: (text) => text.replaceAll('sk-a', '***') });
}

describe('the publishable deployments of a pod', () => {
  it('is one row for each deployment that LiteLLM probes in the background, with no age that would soon be too young', () => {
    const publishable = vouchingFor((id) => upView(id)).publishable();
    expect(publishable.map(({ row }) => row['model_id'])).toEqual(['id-a', 'id-twin']);
    expect(publishable[0]).toMatchObject({ name: 'openai/a', list: 'healthy', validForMs: 57_500 });
    expect(publishable[0]?.row).toMatchObject({ state: 'up', checked_by: PROBER, checked_at: expect.any(String) });
    expect(publishable[0]?.row).not.toHaveProperty('age_seconds');
  });

  it('is a row under each id that a version of LiteLLM has for a deployment, and one probe for both', () => {
    const text = `
model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: k, tags: ["\\u00a0"] } }]
general_settings: { background_health_checks: true }`;
    const loaded = loadConfig({ text, env: {}, readFile: () => '' });
    if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
    const [{ modelId, formerModelId } = { modelId: '', formerModelId: '' }] = loaded.config.deployments;
    const source = vouchingFor((id) => upView(id), loaded.config);
    expect(source.publishable().map(({ row }) => row['model_id'])).toEqual([modelId, formerModelId]);
    expect(formerModelId).toMatch(/^[\da-f]{64}$/);
    expect(source.models).toEqual([{ id: modelId, model: 'openai/a', formerId: formerModelId }]);
    expect(source.round().probes).toBe(1);
  });

  it('is one row per id, that of the first deployment that LiteLLM probes in the background', () => {
    const twins = `
model_list:
  - { model_name: out, litellm_params: { model: openai/out, api_key: k }, model_info: { id: x, disable_background_health_check: true } }
  - { model_name: first, litellm_params: { model: openai/a, api_key: k }, model_info: { id: x } }
  - { model_name: second, litellm_params: { model: openai/b, api_key: k }, model_info: { id: x } }
general_settings: { background_health_checks: true }`;
    const loaded = loadConfig({ text: twins, env: {}, readFile: () => '' });
    if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
    const second = loaded.config.deployments[2]?.targetId;
    const failure = { class: 'auth', message: 'wrong key', status: 401 } as const;
    const { publishable, round } = vouchingFor(
      (id) => (id === second ? downView(id, failure) : upView(id)),
      loaded.config,
    );
    expect(publishable().map(({ name, list }) => [name, list])).toEqual([['openai/a', 'healthy']]);
    expect(round().probes).toBe(1);
  });

  it('has the minimal rows of LiteLLM without details', () => {
    const [one] = vouchingFor((id) => upView(id), load(', health_check_details: false')).publishable();
    expect(Object.keys(one?.row ?? {}).slice(0, 3)).toEqual(['model', 'model_id', 'state']);
  });

  it('says what failed, redacted, with the status that LiteLLM would have seen', () => {
    const failure = { class: 'auth', message: 'wrong key sk-a', status: 401 } as const;
    const [one] = vouchingFor((id) => downView(id, failure)).publishable();
    expect(one).toMatchObject({ list: 'unhealthy', row: { exception_status: 401, model_id: 'id-a' } });
    expect(JSON.stringify(one)).toContain('wrong key ***');
    expect(JSON.stringify(one)).not.toContain('sk-a');
  });

  it('is nothing for what was never judged, whatever else there is', () => {
    expect(vouchingFor((id) => viewOf(id)).publishable()[0]).toMatchObject({ list: 'unknown', validForMs: 0 });
  });

  it('leave a first unconfirmed failure out of both lists', () => {
    const failure = { class: 'server', message: 'no', status: 500 } as const;
    const [first] = vouchingFor((id) => downView(id, failure, { state: 'suspect' })).publishable();
    expect(first).toMatchObject({ list: 'unknown' });
    const after = (view: TargetView, good: number): TargetView => {
      const { facts } = view;
      return facts?.failureRun === undefined
        ? view
        : { ...view, facts: { ...facts, failureRun: { ...facts.failureRun, after: good } } };
    };
    const [later] = vouchingFor((id) => after(downView(id, failure, { state: 'suspect' }), 3)).publishable();
    expect(later).toMatchObject({ list: 'healthy', row: { state: 'suspect' } });
  });

  it('include a deployment that the fleet has not judged', () => {
    const config = load();
    const { publishable } = createPublishableSource({ config, fleet: fleetDouble([]), redact: (text) => text });
    expect(publishable().map(({ list, validForMs }) => [list, validForMs])).toEqual([
      ['unknown', 0],
      ['unknown', 0],
    ]);
  });

  it("is the fleet's verdict where only this pod fails", () => {
    const [one] = vouchingFor((id) =>
      upView(id, { state: 'suspect', localOnly: true, why: 'only this pod' }),
    ).publishable();
    expect(one).toMatchObject({ list: 'healthy', row: { state: 'up' } });
    const [unseen] = vouchingFor((id) => viewOf(id, { state: 'suspect', localOnly: true })).publishable();
    expect(unseen).toMatchObject({ list: 'unknown' });
  });

  it('is what an operator decided, for as long as it is held', () => {
    const hold = { version: NOW, kind: 'drain', until: null, by: 'me', reason: 'maintenance' } as const;
    const [drained] = vouchingFor((id) => upView(id, { hold, stale: true })).publishable();
    expect(drained).toMatchObject({ list: 'unhealthy', validForMs: Infinity, row: { exception_status: 503 } });
    const up = { ...hold, kind: 'hold-up' } as const;
    expect(vouchingFor((id) => viewOf(id, { hold: up })).publishable()[0]).toMatchObject({ list: 'healthy' });
  });

  it('counts a round of LiteLLM as one probe for each of these deployments, at the price of our last', () => {
    const priced = (id: string): TargetView => {
      const view = upView(id);
      const { facts } = view;
      return facts === null ? view : { ...view, facts: { ...facts, last: { ...facts.last, costUsd: 0.25 } } };
    };
    expect(vouchingFor(priced).round()).toEqual({ probes: 2, usd: 0.5, everyMs: 60_000 });
    expect(vouchingFor((id) => upView(id)).round()).toEqual({ probes: 2, usd: 0, everyMs: 60_000 });
  });

  it("counts LiteLLM's rounds at LiteLLM's pace, however rarely the fleet probes", () => {
    const rarely = load('', 'fleet_health: { interval: 900 }');
    expect(vouchingFor((id) => upView(id), rarely).round()).toMatchObject({ everyMs: 60_000 });
  });
});
