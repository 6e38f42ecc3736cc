import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment } from './support/gateway-pod.ts';
import { answers, answersWell } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

// A group with deployments of two vendors: not each has every endpoint.

const opened = closingAfterEach();
const claude = { model: 'anthropic/claude-sonnet-4-5' };

const embeds: Script = (response) => {
  const body = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5] }], model: 'm', usage: {} };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

it('an endpoint that the first deployment lacks is asked of one that has it', async () => {
  const [anthropic, openai] = [await opened.upstream(answersWell), await opened.upstream(embeds)];
  const first = deployment('m', anthropic.url, { ...claude, params: 'order: 1' });
  const pod = await opened.pod(`model_list:\n${first}${deployment('m', openai.url, { params: 'order: 2' })}`);
  const answer = await pod.post('/v1/embeddings', { model: 'm', input: 'hi' });
  expect([answer.status, answer.headers.get('x-allswell-attempts')]).toEqual([200, '1']);
  expect([anthropic.requests.length, openai.requests.length]).toEqual([0, 1]);
});

it('one that fails is not replaced by one without the endpoint, and the caller gets its error', async () => {
  const [anthropic, openai] = [await opened.upstream(answersWell), await opened.upstream(answers(500))];
  const both = `${deployment('m', anthropic.url, claude)}${deployment('m', openai.url)}`;
  const pod = await opened.pod(`model_list:\n${both}`);
  const answer = await pod.post('/v1/embeddings', { model: 'm', input: 'hi' });
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('scripted 500')]);
  expect([anthropic.requests.length, openai.requests.length]).toEqual([0, 2]);
});

it('where the whole group lacks it, a fallback group that has it answers', async () => {
  const [anthropic, openai] = [await opened.upstream(answersWell), await opened.upstream(embeds)];
  const both = `${deployment('m', anthropic.url, claude)}${deployment('other', openai.url)}`;
  const pod = await opened.pod(`model_list:\n${both}router_settings: { fallbacks: [{ m: [other] }] }\n`);
  const answer = await pod.post('/v1/embeddings', { model: 'm', input: 'hi' });
  expect([answer.status, answer.headers.get('x-litellm-model-group')]).toEqual([200, 'other']);
});

it('where nothing has it, the answer is 400, and no upstream is asked', async () => {
  const anthropic = await opened.upstream(answersWell);
  const pod = await opened.pod(
    `model_list:\n${deployment('claude-*', anthropic.url, { model: 'anthropic/claude-*' })}`,
  );
  const answer = await pod.post('/v1/embeddings', { model: 'claude-x', input: 'hi' });
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining('The deployments of claude-* have no endpoint for embedding'),
  ]);
  expect(anthropic.requests).toEqual([]);
});
