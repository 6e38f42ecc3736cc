import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { answers, answersWell } from './support/scripted-upstream.ts';

// A field of OpenAI's that has no translation for Anthropic: only deployments that speak OpenAI's format can take the request.

const opened = closingAfterEach();
const claude = { model: 'anthropic/claude-sonnet-4-5' };
const LOGPROBS = { logprobs: true };

it('a request that the first deployment cannot take goes to one of the group that takes it as it is', async () => {
  const [anthropic, openai] = [await opened.upstream(answers(500)), await opened.upstream(answersWell)];
  const first = deployment('m', anthropic.url, { ...claude, params: 'order: 1, rpm: 1' });
  const pod = await opened.pod(`model_list:\n${first}${deployment('m', openai.url, { params: 'order: 2' })}`);
  for (let count = 1; count <= 5; count += 1) {
    const answer = await pod.chat('m', LOGPROBS);
    expect([answer.status, answer.headers.get('x-allswell-attempts')]).toEqual([200, '1']);
    expect(await answer.text()).toContain('hello');
  }
  expect([anthropic.requests.length, openai.requests.length]).toEqual([0, 5]);
  expect(openai.requests[0]?.json).toMatchObject(LOGPROBS);
  const line = pod.lines.find((one) => one.startsWith('debug Request '));
  expect(line).toMatch(/not sent: no translation for this deployment; 1 \S+ \(first\) answered/);
  const metrics = await (await fetch(`${pod.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
  expect(metrics).not.toMatch(/allswell_request_failovers_total\{group="m"\} [1-9]/);
});

it('one that fails there gets no second attempt where it cannot be taken', async () => {
  const [anthropic, openai] = [await opened.upstream(answersWell), await opened.upstream(answers(500))];
  const first = deployment('m', anthropic.url, { ...claude, params: 'order: 1' });
  const pod = await opened.pod(
    `model_list:\n${first}${deployment('m', openai.url, { params: 'order: 2' })}router_settings: { num_retries: 2, retry_after: 0 }\n`,
  );
  const answer = await pod.chat('m', LOGPROBS);
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('scripted 500')]);
  expect(anthropic.requests).toEqual([]);
});

it('where no deployment of the group can take it, the caller gets 400, and no fallback is asked', async () => {
  const [anthropic, openai] = [await opened.upstream(answersWell), await opened.upstream(answersWell)];
  const both = `${deployment('m', anthropic.url, claude)}${deployment('other', openai.url)}`;
  const pod = await opened.pod(`model_list:\n${both}router_settings: { fallbacks: [{ m: [other] }] }\n`);
  const answer = await pod.chat('m', LOGPROBS);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('logprobs')]);
  expect([anthropic.requests.length, openai.requests.length]).toEqual([0, 0]);
});

it('where those that can take it are at their limits, the caller gets 429', async () => {
  const [anthropic, openai] = [await opened.upstream(answersWell), await opened.upstream(answersWell)];
  const first = deployment('m', anthropic.url, { ...claude, params: 'order: 1' });
  const pod = await opened.pod(`model_list:\n${first}${deployment('m', openai.url, { params: 'order: 2, rpm: 1' })}`);
  expect((await pod.chat('m', LOGPROBS)).status).toBe(200);
  const limited = await pod.chat('m', LOGPROBS);
  expect([limited.status, Number(limited.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
});
