import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { answersWell } from './support/scripted-upstream.ts';

// Deployments that can be probed, and to which no request can be sent.

const opened = closingAfterEach();

it.each([
  ['has no address', 'model: hosted_vllm/m', 'model_list[0].litellm_params.api_base is missing'],
  [
    'has an API that allswell does not speak',
    'model: replicate/m, api_base: "http://127.0.0.1:9"',
    'allswell cannot send requests to replicate',
  ],
])('a group whose only deployment %s: the error says so', async (_what, params, why) => {
  const upstream = await opened.upstream(answersWell);
  const probe = `health_check_params: { api_base: "${upstream.url}" }`;
  const pod = await opened.pod(
    `model_list:\n  - { model_name: m, litellm_params: { ${params}, api_key: sk-x }, model_info: { ${probe} } }\nrouter_settings: { model_group_alias: { also-m: m } }\n`,
  );
  for (const name of ['m', 'also-m']) {
    const answer = await pod.chat(name);
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain(`No deployment of m can be called: ${why}`);
  }
});

it('a key that may not use the group learns nothing', async () => {
  const upstream = await opened.upstream(answersWell);
  const sha256 = createHash('sha256').update('sk-scoped-0123456789').digest('hex');
  const pod = await opened.pod(
    `model_list:\n  - { model_name: m, litellm_params: { model: hosted_vllm/m }, model_info: { health_check_params: { api_base: "${upstream.url}" } } }\n${deployment('n', upstream.url)}general_settings: { master_key: ${KEY} }\nfleet_health: { keys: [{ name: team, sha256: ${sha256}, role: scoped, models: [n] }] }\n`,
  );
  const answer = await pod.chat('m', {}, { headers: { authorization: 'Bearer sk-scoped-0123456789' } });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Invalid model name')]);
});
