import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { forwardingRoutes } from '../../src/gateway/index.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { openAiApi } from './support/openai-api.ts';

// Every endpoint of the byte path, every kind of key; test/golden/auth-matrix.test.ts has those of the router.

const opened = closingAfterEach();
const [SCOPED, EVENTS] = ['sk-scoped-of-the-tests', 'sk-events-of-the-tests'];
const sha256 = (key: string): string => createHash('sha256').update(key).digest('hex');
const keys = `fleet_health:
  keys:
    - { name: team, sha256: ${sha256(SCOPED)}, role: scoped, models: [group] }
    - { name: litellm, sha256: ${sha256(EVENTS)}, role: events }
`;

const listed = forwardingRoutes.flatMap(({ paths, bodyType }) =>
  paths.map((path) => ({
    path: path.replace('{model}', 'group').replace('{endpoint}', 'chat/completions'),
    isForm: bodyType !== undefined,
    isAnthropic: path.startsWith('/v1/messages'),
  })),
);

it('there are the paths of fourteen routes', () => {
  expect([forwardingRoutes.length, listed.length]).toEqual([14, 27]);
});

describe.each(listed)('$path', ({ path, isForm, isAnthropic }) => {
  it('checks the key before anything else, and says so in the format of its client', async () => {
    const upstream = await opened.upstream(openAiApi);
    const { url } = await opened.pod(`model_list:\n${deployment('group', upstream.url)}${keys}`);
    const ask = async (key: string | undefined, body: RequestInit['body']): Promise<Response> =>
      await fetch(`${url}${path}`, {
        method: 'POST',
        ...(body !== undefined && { body }),
        headers: {
          ...(isForm ? {} : { 'content-type': 'application/json' }),
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
      });
    const statuses = [undefined, 'sk-wrong', EVENTS].map(async (key) => (await ask(key, '{')).status);
    expect(await Promise.all(statuses)).toEqual([401, 401, 403]);
    const refused = (await (await ask('sk-wrong', '{')).json()) as { type?: string; error: { type: string } };
    expect([refused.type, refused.error.type]).toEqual(
      isAnthropic ? ['error', 'authentication_error'] : [undefined, 'auth_error'],
    );
    expect(upstream.requests).toEqual([]);

    // An upstream of OpenAI cannot count tokens; every other endpoint gets there.
    const expected = path.endsWith('count_tokens') ? 400 : 200;
    for (const key of [SCOPED, KEY]) expect((await ask(key, bodyOf(isForm))).status).toBe(expected);
  });

  it('takes POST only', async () => {
    const { url } = await opened.pod(`model_list:\n${deployment('group', 'http://127.0.0.1:9/v1')}`);
    const answer = await fetch(`${url}${path}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

it('knows no endpoint by an unknown end of a path of Azure, and says so', async () => {
  const { url } = await opened.pod(`model_list:\n${deployment('group', 'http://127.0.0.1:9/v1')}`);
  for (const path of ['/engines/group/nothing', '/openai/deployments/group/nothing']) {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` } });
    expect([path, answer.status]).toEqual([path, 404]);
  }
});

function bodyOf(isForm: boolean): string | FormData {
  if (!isForm) return JSON.stringify({ model: 'group', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] });
  const form = new FormData();
  form.set('model', 'group');
  form.set('file', new Blob(['bytes']), 'said.mp3');
  return form;
}
