import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../types.ts';

type Block = Readonly<Record<string, unknown>>;

function load(model_list: readonly object[], env: Readonly<Record<string, string>> = {}): AllswellConfig {
  const loaded = loadConfig({ text: JSON.stringify({ model_list }), env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function one(litellm_params: Block, model_info: Block = {}): { deployment: Deployment; target: ProbeTarget } {
  const { deployments, targets } = load([{ model_name: 'm', litellm_params, model_info }]);
  return { deployment: deployments[0]!, target: targets[0]! };
}

const OWN = {
  model: 'azure/live',
  api_base: 'https://live.example',
  api_key: 'sk-live',
  api_version: '2025-01-01',
  organization: 'org-live',
  region_name: 'live-1',
  headers: { 'x-live': '1' },
  extra_body: { route: 'live' },
};

describe('the mode of a deployment', () => {
  it.each([
    ['is not that of its health_check_model', {}, { health_check_model: 'azure/text-embedding-3-small' }, 'chat'],
    [
      'is that of its own model',
      { model: 'azure/text-embedding-3-small' },
      { health_check_params: { model: 'azure/live' } },
      'embedding',
    ],
    [
      'is as written, although both modes are probed alike',
      { model: 'openai/gpt-4o' },
      { mode: 'completion' },
      'completion',
    ],
    [
      'is as written, although its request is that of chat',
      { model: 'anthropic/claude-sonnet-4-5' },
      { mode: 'anthropic_messages' },
      'anthropic_messages',
    ],
  ])('%s', (_rule, params, info, mode) => {
    expect(one({ ...OWN, ...params }, info).deployment.mode).toBe(mode);
  });

  it('is that of its probe where requests cannot be sent', () => {
    const info = { health_check_model: 'openai/text-embedding-3-small' };
    const { deployment } = one(
      { model: 'nameless' },
      { ...info, health_check_params: { api_base: 'https://x.example' } },
    );
    expect([deployment.call.kind, deployment.mode]).toEqual(['not-callable', 'embedding']);
  });
});

describe('a deployment whose probe is changed', () => {
  it.each([
    ['health_check_model', { health_check_model: 'azure/small' }, { upstreamModel: 'small' }],
    ['model', { health_check_params: { model: 'azure/small' } }, { upstreamModel: 'small' }],
    ['another provider', { health_check_model: 'openai/small' }, { provider: 'openai', wire: 'openai' }],
    ['api_base', { health_check_params: { api_base: 'https://probe.example' } }, { apiBase: 'https://probe.example' }],
    ['base_url', { health_check_params: { base_url: 'https://probe.example' } }, { host: 'probe.example' }],
    ['api_key', { health_check_params: { api_key: 'sk-probe' } }, { apiKey: 'sk-probe' }],
    ['api_version', { health_check_params: { api_version: '2026-01-01' } }, { apiVersion: '2026-01-01' }],
    ['organization', { health_check_params: { organization: 'org-probe' } }, { organization: 'org-probe' }],
    ['region_name', { health_check_params: { region_name: 'probe-1' } }, { region: 'probe-1' }],
    ['headers', { health_check_params: { headers: { 'x-probe': '1' } } }, { headers: { 'x-probe': '1' } }],
    [
      'extra_headers',
      { health_check_params: { extra_headers: { 'x-probe': '1' } } },
      { headers: { 'x-live': '1', 'x-probe': '1' } },
    ],
    [
      'extra_body',
      { health_check_params: { extra_body: { route: 'probe' } } },
      { healthCheckParams: { route: 'probe' } },
    ],
    [
      'a parameter of the body',
      { health_check_params: { temperature: 0 } },
      { healthCheckParams: { temperature: 0, route: 'live' } },
    ],
  ])('keeps its own call for requests: %s', (_name, info, probed) => {
    const { deployment, target } = one(OWN, info);
    expect(target).toMatchObject(probed);
    expect(deployment.call).toEqual(one(OWN).deployment.call);
    expect(deployment.call).toEqual({
      kind: 'callable',
      provider: 'azure',
      wire: 'azure',
      upstreamModel: 'live',
      apiBase: 'https://live.example',
      host: 'live.example',
      mode: 'chat',
      region: 'live-1',
      apiKey: 'sk-live',
      apiVersion: '2025-01-01',
      organization: 'org-live',
      headers: { 'x-live': '1' },
      extraBody: { route: 'live' },
    });
  });

  it('keeps its own call whatever is changed, and its probe has what is changed', () => {
    const changes = fc.record(
      {
        model: fc.constantFrom('azure/small', 'openai/small'),
        api_base: fc.webUrl({ validSchemes: ['https'] }).map((url) => new URL(url).origin),
        api_key: fc.stringMatching(/^probe-[a-z]{3,9}$/),
        organization: fc.stringMatching(/^probe-[a-z]{3,9}$/),
        region_name: fc.stringMatching(/^probe-[a-z]{3,9}$/),
        extra_headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.stringMatching(/^[a-z]{1,5}$/)),
        temperature: fc.integer(),
        timeout: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    );
    const untouched = one(OWN).deployment;
    fc.assert(
      fc.property(changes, (params) => {
        const { deployment, target } = one(OWN, { health_check_params: params });
        expect(deployment).toEqual({ ...untouched, targetId: target.id, displayParams: expect.any(Object) });
        expect(target).toMatchObject({
          ...(params.api_base !== undefined && { apiBase: params.api_base }),
          ...(params.api_key !== undefined && { apiKey: params.api_key }),
          ...(params.organization !== undefined && { organization: params.organization }),
          ...(params.region_name !== undefined && { region: params.region_name }),
          ...(params.model !== undefined && { upstreamModel: 'small' }),
        });
      }),
    );
  });

  it('shares the target of its probe with a deployment that requests call there', () => {
    const probed = { model_name: 'a', litellm_params: OWN, model_info: { health_check_model: 'azure/small' } };
    const small = { model_name: 'b', litellm_params: { ...OWN, model: 'azure/small' } };
    const { deployments, targets } = load([probed, small]);
    expect(targets).toHaveLength(1);
    expect(deployments.map(({ call }) => call)).toMatchObject([{ upstreamModel: 'live' }, { upstreamModel: 'small' }]);
  });

  it('may have an address for its probe only: then requests cannot call it, and that is no problem', () => {
    const { deployment, target } = one(
      { model: 'hosted_vllm/live' },
      { health_check_params: { api_base: 'http://probe/v1' } },
    );
    expect(target).toMatchObject({ apiBase: 'http://probe/v1' });
    expect(deployment.call).toEqual({
      kind: 'not-callable',
      why: 'model_list[0].litellm_params.api_base is missing',
    });
  });

  it('of a wildcard calls the wildcard, with the key of the environment', () => {
    const model = { litellm_params: { model: 'openai/*' }, model_info: { health_check_model: 'gpt-4o-mini' } };
    const { deployments, targets } = load([{ model_name: 'm', ...model }], { OPENAI_API_KEY: 'sk-env' });
    expect(targets).toMatchObject([{ upstreamModel: 'gpt-4o-mini', apiKey: 'sk-env' }]);
    expect(deployments).toMatchObject([{ call: { upstreamModel: '*', apiKey: 'sk-env' } }]);
  });
});

describe('a deployment without changes to its probe', () => {
  it('calls what its probe calls', () => {
    const { deployment, target } = one(OWN);
    const {
      kind: _kind,
      extraBody: _body,
      ...call
    } = deployment.call as Extract<Deployment['call'], { kind: 'callable' }>;
    expect(target).toMatchObject(call);
  });

  it('has the limits, the deadlines and the price of its own parameters', () => {
    const params = {
      rpm: 9,
      tpm: '1000',
      max_parallel_requests: 4,
      weight: 0.5,
      order: 2,
      num_retries: 0,
      cooldown_time: 7,
    };
    const times = { timeout: 30, stream_timeout: '60' };
    const { deployment } = one({ ...OWN, ...params, ...times, input_cost_per_token: 1e-6 });
    expect(deployment).toMatchObject({
      limits: {
        rpm: 9,
        tpm: 1_000,
        maxParallel: 4,
        weight: 0.5,
        order: 2,
        streamTimeoutMs: 60_000,
        retries: 0,
        cooldownMs: 7_000,
      },
      timeoutMs: 30_000,
      price: { input: 1e-6 },
    });
  });

  it('has no limit that the file does not set', () => {
    expect(one(OWN).deployment.limits).toEqual({});
    expect(one(OWN).deployment).not.toHaveProperty('timeoutMs');
  });
});

describe('drop_params', () => {
  const dropping = (own: unknown, general: unknown, env: Readonly<Record<string, string>> = {}): string => {
    const litellm_params = { ...OWN, drop_params: own };
    const text = JSON.stringify({
      model_list: [{ model_name: 'm', litellm_params }],
      litellm_settings: { drop_params: general },
    });
    const loaded = loadConfig({ text, env, readFile: () => '' });
    if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
    return loaded.config.deployments[0]!.dropParams;
  };

  it('is on if the deployment or litellm_settings or, without those, the environment says so', () => {
    expect(dropping(undefined, undefined)).toBe('off');
    expect(dropping('true', undefined)).toBe('on');
    expect(dropping(undefined, true)).toBe('on');
    expect(dropping(false, true)).toBe('on');
    expect(dropping(undefined, undefined, { LITELLM_DROP_PARAMS: '1' })).toBe('on');
    expect(dropping(undefined, false, { LITELLM_DROP_PARAMS: '1' })).toBe('off');
  });
});
