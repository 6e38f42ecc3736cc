import { describe, expect, it } from 'vitest';
import type { ModelsBody } from '../../src/api/index.ts';
import { downView, upView } from './fleet-double.ts';
import { measuredPod, SCOPED } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const down = { class: 'server', status: 500, message: 'HTTP 500' } as const;

describe('?healthy_only=true', () => {
  it('hides groups that are down from every list, and nothing else', async () => {
    const pod = judged();
    expect(await ids(pod, '/v1/models?healthy_only=true')).toEqual(['ok-chat', 'ok-embed']);
    expect(await ids(pod, '/v1/models')).toEqual(['ok-chat', 'ok-embed', 'bad-500']);
    expect((await pod.get('/v1/models/bad-500?healthy_only=true')).status).toBe(404);
    expect((await pod.get('/v1/models/bad-500')).status).toBe(200);
    expect(await (await pod.get('/model/info?healthy_only=true')).json()).toMatchObject({
      data: [{ model_name: 'ok-chat' }, { model_name: 'ok-embed' }],
    });
  });

  it('is how every list is made where the configuration says so', async () => {
    expect(await ids(judged('model_list_healthy_only: true'), '/v1/models')).toEqual(['ok-chat', 'ok-embed']);
  });

  it('keeps a suspect group: another pod may well reach it', async () => {
    const pod = judged();
    pod.fleet.set(downView(pod.target('bad-500'), down, { state: 'suspect' }));
    expect(await ids(pod, '/v1/models?healthy_only=true')).toContain('bad-500');
  });

  it('wants a truth value', async () => {
    expect((await judged().get('/v1/models?healthy_only=maybe')).status).toBe(422);
  });
});

describe('model_group_alias', () => {
  const aliases =
    'router_settings: { model_group_alias: { fast: ok-chat, broken: { model: bad-500, hidden: false }, secret: { model: ok-chat, hidden: true }, nowhere: no-such } }';

  it('is in the list behind the groups, unless it is hidden or leads nowhere', async () => {
    const pod = judged(undefined, aliases);
    expect(await ids(pod, '/v1/models')).toEqual(['ok-chat', 'ok-embed', 'bad-500', 'fast', 'broken']);
    const statuses = ['fast', 'secret', 'nowhere'].map(async (name) => (await pod.get(`/v1/models/${name}`)).status);
    expect(await Promise.all(statuses)).toEqual([200, 404, 404]);
  });

  it('is as healthy as its group', async () => {
    const pod = judged(undefined, aliases);
    expect(await ids(pod, '/v1/models?healthy_only=true')).toEqual(['ok-chat', 'ok-embed', 'fast']);
    expect((await pod.get('/v1/models/broken?healthy_only=true')).status).toBe(404);
  });

  it('is shown to a key that may use it or its group', async () => {
    expect(await ids(judged(undefined, aliases), '/v1/models', SCOPED)).toEqual(['ok-chat', 'fast']);
  });
});

describe('GET /model/info', () => {
  it('shows each deployment with its parameters, and no secret', async () => {
    const pod = judged();
    for (const path of ['/model/info', '/v1/model/info']) {
      const text = await (await pod.get(path)).text();
      expect(text).toContain(
        `{"model_name":"ok-embed","litellm_params":{"api_base":"http://127.0.0.1:24010/v1","model":"openai/text-embedding-3-small"},"model_info":{"id":"my-embed-id","db_model":false,"mode":"embedding"}}`,
      );
      expect(text).not.toContain('sk-');
    }
  });

  it('shows one by its id', async () => {
    const pod = judged();
    expect(await (await pod.get('/model/info?litellm_model_id=my-embed-id')).json()).toMatchObject({
      data: [{ model_name: 'ok-embed' }],
    });
    expect((await pod.get('/model/info?litellm_model_id=no-such')).status).toBe(400);
  });
});

function judged(settings = 'background_health_checks: true', more = ''): MeasuredPod {
  const pod = measuredPod(settings, ['ok-chat', 'ok-embed', 'bad-500'], more);
  pod.fleet.set(upView(pod.target('ok-chat')));
  pod.fleet.set(downView(pod.target('bad-500'), down));
  return pod;
}

async function ids(pod: MeasuredPod, path: string, key?: string): Promise<string[]> {
  const { data } = (await (await pod.get(path, key)).json()) as ModelsBody;
  return data.map(({ id }) => id);
}
