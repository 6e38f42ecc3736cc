import { describe, expect, it } from 'vitest';
import type { HealthBody } from '../../src/api/index.ts';
import { downView, upView } from './fleet-double.ts';
import { measuredPod, SCOPED } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

// The scoped key of the measured pod may see ok-chat, bad-401 and bad-429.

describe('GET /health with a scoped key', () => {
  it('lists the models of the key, and no address of any', async () => {
    const pod = judged();
    const answer = await pod.get('/health', SCOPED);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('litellm-health-field-notice')).toBe(
      'api_base, api_version, aws_bedrock_runtime_endpoint are admin-only on this endpoint',
    );
    const text = await answer.text();
    expect(text).not.toMatch(/api_base|127\.0\.0\.1|my-embed-id|bad-500/);
    const {
      healthy_endpoints: healthy,
      unhealthy_endpoints: unhealthy,
      unknown_count: unknown,
    } = JSON.parse(text) as HealthBody;
    expect(healthy).toMatchObject([{ model: 'openai/gpt-4o-mini' }]);
    expect(unhealthy).toMatchObject([
      { model: 'openai/bad-401', error: expect.stringContaining('Incorrect API key') as string, exception_status: 401 },
    ]);
    expect(unknown).toBe(1);
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:24010',
    'connect ECONNREFUSED 10.0.0.7:443',
    'connect ECONNREFUSED fd00::7:443',
    'getaddrinfo ENOTFOUND 127.0.0.1:24010',
    'TLS: certificate of http://127.0.0.1:24010/v1 has expired',
  ])('takes the address out of %s', async (message) => {
    const pod = judged();
    pod.fleet.set(downView(pod.target('bad-401'), { class: 'network', message }));
    const text = await (await pod.get('/health?model=bad-401', SCOPED)).text();
    expect(text).toContain('[address]');
    expect(text).not.toMatch(/127\.0\.0\.1|10\.0\.0\.7|fd00|24010/);
    expect(await (await pod.get('/health?model=bad-401')).text()).toContain(message);
  });

  it('tells admins no such thing', async () => {
    expect((await judged().get('/health')).headers.get('litellm-health-field-notice')).toBeNull();
  });

  it('answers 403 for a model of others and for one that nobody knows, alike', async () => {
    const pod = judged();
    for (const [query, what] of [
      ['model=bad-500', 'model bad-500'],
      ['model=openai/bad-500', 'model openai/bad-500'],
      ['model=no-such', 'model no-such'],
      ['model_id=my-embed-id', 'model_id my-embed-id'],
      ['model_id=no-such', 'model_id no-such'],
    ] as const) {
      const answer = await pod.get(`/health?${query}`, SCOPED);
      expect([answer.status, await answer.text()]).toEqual([
        403,
        `{"detail":{"error":"key not allowed to health-check ${what}"}}`,
      ]);
    }
  });

  it('answers for its own models as it does for an admin', async () => {
    const pod = judged();
    expect((await pod.get('/health?model=ok-chat', SCOPED)).status).toBe(200);
    expect((await pod.get('/health?model=openai/gpt-4o-mini', SCOPED)).status).toBe(200);
    expect((await pod.get('/health?model=bad-401', SCOPED)).status).toBe(503);
  });

  it('probes nothing but its own models where asking probes', async () => {
    const pod = measuredPod('background_health_checks: false');
    await pod.get('/health', SCOPED);
    expect(pod.fleet.checks).toEqual([['ok-chat', 'bad-401', 'bad-429'].map(pod.target)]);
    await pod.get('/health?model=bad-500', SCOPED);
    expect(pod.fleet.checks).toHaveLength(1);
  });
});

it('the lists of models show a scoped key its own, and not where they are', async () => {
  const pod = judged();
  const list = async (path: string): Promise<string> => await (await pod.get(path, SCOPED)).text();
  const ids = [...(await list('/v1/models')).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['ok-chat', 'bad-401', 'bad-429']);
  expect((await pod.get('/v1/models/bad-500', SCOPED)).status).toBe(404);
  const info = await list('/model/info');
  expect(info).toContain('"litellm_params":{"model":"openai/gpt-4o-mini"}');
  expect(info).not.toMatch(/api_base|bad-500/);
  expect((await pod.get('/model/info?litellm_model_id=my-embed-id', SCOPED)).status).toBe(400);
});

function judged(): MeasuredPod {
  const pod = measuredPod();
  pod.fleet.set(upView(pod.target('ok-chat')));
  pod.fleet.set(upView(pod.target('ok-embed')));
  pod.fleet.set(downView(pod.target('bad-500'), { class: 'server', status: 500, message: 'mock upstream says 500' }));
  pod.fleet.set(downView(pod.target('bad-401'), { class: 'auth', status: 401, message: 'Incorrect API key provided' }));
  return pod;
}
