import { describe, expect, it } from 'vitest';
import { downView, upView } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';

const ask = async (pod: ReturnType<typeof measuredPod>, body: unknown): Promise<[number, unknown]> => {
  const answer = await pod.post('/health/test_connection', body);
  return [answer.status, await answer.json()];
};

describe('POST /health/test_connection', () => {
  it('checks a deployment of the list through the fleet: by name, by model, by id', async () => {
    const pod = measuredPod();
    pod.fleet.onCheck = (targets) => targets.forEach((target) => pod.fleet.set(upView(target)));
    for (const body of [
      { litellm_params: { model: 'ok-chat' } },
      { litellm_params: { model: 'openai/gpt-4o-mini' } },
      { litellm_params: { model: 'whatever' }, model_info: { id: pod.config.deployments[0]?.modelId } },
    ]) {
      expect(await ask(pod, body)).toMatchObject([
        200,
        {
          status: 'success',
          result: { model: 'openai/gpt-4o-mini', api_base: 'http://127.0.0.1:24010/v1', state: 'up' },
        },
      ]);
    }
    const chat = [pod.target('ok-chat')];
    expect([pod.fleet.checks, pod.probes]).toEqual([[chat, chat, chat], []]);
  });

  it('shows why one of them fails', async () => {
    const pod = measuredPod();
    const failure = { class: 'server', status: 500, message: 'mock upstream says 500' } as const;
    pod.fleet.onCheck = ([target = '']) => pod.fleet.set(downView(target, failure));
    expect(await ask(pod, { litellm_params: { model: 'bad-500' } })).toMatchObject([
      200,
      {
        status: 'error',
        result: { error: expect.stringContaining('mock upstream says 500') as string, exception_status: 500 },
      },
    ]);
  });

  const other = { model: 'openai/gpt-4o-mini', api_base: 'http://10.0.0.9/v1' };

  it('probes a connection of its own once, and lends it no key of the list', async () => {
    const pod = measuredPod();
    expect(await ask(pod, { litellm_params: other })).toEqual([
      200,
      { status: 'success', result: { ...other, latency_ms: 12, level: 'inference' } },
    ]);
    expect(pod.probes).toEqual(['openai/gpt-4o-mini at http://10.0.0.9/v1 with no key']);
    expect(pod.fleet.checks).toEqual([]);
  });

  it.each(['anthropic_messages', 'evaluation', 'decisions', 'extraction'])(
    'accepts the mode %s, as LiteLLM does',
    async (mode) => {
      const [status, body] = await ask(measuredPod(), { litellm_params: other, mode });
      expect([status, body]).toEqual([
        200,
        { status: 'success', result: { ...other, latency_ms: 12, level: expect.any(String) } },
      ]);
    },
  );

  it('shows its failure, and never its key', async () => {
    const pod = measuredPod();
    pod.probed = {
      ...pod.probed,
      outcome: { kind: 'failed', failure: { class: 'auth', status: 401, message: 'bad key' } },
    };
    const [, body] = await ask(pod, { litellm_params: { ...other, api_key: 'sk-theirs' } });
    expect(pod.probes).toEqual(['openai/gpt-4o-mini at http://10.0.0.9/v1 with sk-theirs']);
    expect(body).toMatchObject({
      status: 'error',
      result: { error: 'litellm.AuthenticationError: AuthenticationError: OpenAIException - bad key' },
    });
    expect(JSON.stringify(body)).not.toContain('sk-theirs');
  });

  it('refuses references to the environment, wherever they are', async () => {
    const pod = measuredPod();
    for (const body of [
      { litellm_params: { ...other, api_key: 'os.environ/AWS_SECRET' } },
      { litellm_params: { ...other, extra_headers: { a: ['os.environ/AWS_SECRET'] } } },
      { litellm_params: other, model_info: { base_model: 'os.environ/X' } },
    ]) {
      expect(await ask(pod, body)).toEqual([
        400,
        { detail: { error: 'Environment variable references are not permitted in request parameters.' } },
      ]);
    }
    expect(pod.probes).toEqual([]);
  });

  it('says what is wrong with the parameters, as the configuration would', async () => {
    const pod = measuredPod();
    const [status, body] = await ask(pod, { litellm_params: { api_base: 'http://x', api_key: 'sk-theirs' } });
    expect([status, body]).toMatchObject([
      400,
      { detail: { error: expect.stringContaining('litellm_params.model') as string } },
    ]);
    expect(JSON.stringify(body)).not.toContain('sk-theirs');
  });

  it('refuses a body that is none', async () => {
    const pod = measuredPod();
    expect(await ask(pod, '{not json')).toEqual([
      400,
      {
        error: { message: 'Invalid JSON payload.', type: 'invalid_request_error', param: 'request_body', code: '400' },
      },
    ]);
    expect(await ask(pod, {})).toEqual([
      422,
      { detail: [{ type: 'missing', loc: ['body', 'litellm_params'], msg: 'Field required' }] },
    ]);
    expect(await ask(pod, { litellm_params: {}, mode: 'sk-secret' })).toMatchObject([
      422,
      { detail: [{ type: 'value_error', loc: ['body', 'mode'] }] },
    ]);
    expect(await ask(pod, JSON.stringify({ litellm_params: { model: 'x'.repeat(2_000_000) } }))).toMatchObject([
      413,
      { error: { code: '413' } },
    ]);
  });
});
