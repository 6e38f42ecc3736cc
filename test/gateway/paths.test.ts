import { afterEach, expect, it } from 'vitest';
import { MASTER_KEY, openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';
import { startMockUpstream } from '../../src/testing/index.ts';

const stages: CliStage[] = [];
afterEach(async () => void (await Promise.all(stages.splice(0).map(async (stage) => await stage.close()))));

it.each([[[]], [['--num_workers', '2']]])(
  'answers at the root, under SERVER_ROOT_PATH, and with one slash too many, with flags %j',
  async (flags) => {
    const stage = openCliStage();
    stages.push(stage);
    const upstream = await startMockUpstream();
    const model = `{ model: openai/m, api_base: '${upstream.apiBase}', api_key: k }`;
    const config = `general_settings: { master_key: ${MASTER_KEY} }\nmodel_list: [{ model_name: m, litellm_params: ${model} }]\n`;
    const url = await stage.pod(config, { SERVER_ROOT_PATH: '/llm/' }, flags);
    const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
      await fetch(url + path, { ...init, headers: { authorization: `Bearer ${MASTER_KEY}` } });
    const root = await fetch(`${url}/`);
    expect([root.status, await root.json()]).toEqual([200, 'LiteLLM: RUNNING']);
    expect(await (await fetch(`${url}/llm`)).json()).toBe('LiteLLM: RUNNING');
    for (const path of [
      '/health/liveliness',
      '/llm/health/liveliness',
      '/health/liveliness/',
      '/llm/health/liveliness/',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([path, await (await ask(path)).json()]).toEqual([path, "I'm alive!"]);
    }
    expect((await ask('/llmx/health/liveliness')).status).toBe(404);
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    for (const path of [
      '/v1/chat/completions',
      '/llm/v1/chat/completions',
      '/v1/chat/completions/',
      '/llm/v1/chat/completions/',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([path, (await ask(path, { method: 'POST', body })).status]).toEqual([path, 200]);
    }
    const redirected = await ask('/v1/models/?a=b', { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([307, '/v1/models?a=b']);
    await upstream.close();
  },
);
