import { describe, expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answers, answersWell } from './support/scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

const opened = closingAfterEach();

/** Two deployments of one group; the first one is always tried first. */
async function pair(first: Script): Promise<{ bad: ScriptedUpstream; good: ScriptedUpstream; gateway: GatewayPod }> {
  const [bad, good] = [await opened.upstream(first), await opened.upstream(answersWell)];
  const entries = `${deployment('m', bad.url, { params: 'order: 1' })}${deployment('m', good.url, { params: 'order: 2' })}`;
  return { bad, good, gateway: await opened.pod(`model_list:\n${entries}`) };
}

describe('a deployment whose key or model its upstream refuses', { timeout: 30_000 }, () => {
  const refusals: [string, Script, string][] = [
    ['401', answers(401, { code: 'invalid_api_key', message: 'Incorrect API key provided' }), 'auth'],
    ['400', answers(400, { code: 400, message: 'API key expired. Please renew the API key.' }), 'auth'],
    ['403', answers(403, { message: 'The key has no access to this model' }), 'auth'],
    ['400', answers(400, { message: 'The provided model identifier is invalid.' }), 'not-found'],
    [
      '404',
      answers(404, { code: 'model_not_found', message: 'The model `upstream-model` does not exist' }),
      'not-found',
    ],
  ];

  it.each(refusals)('by %s is replaced by another one, and asked twice at most', async (_status, script, name) => {
    const { bad, good, gateway } = await pair(script);
    for (let count = 1; count <= 20; count += 1) expect((await gateway.chat('m')).status).toBe(200);
    expect(good.requests).toHaveLength(20);
    expect(bad.requests.length).toBeLessThanOrEqual(2);
    const metrics = await (
      await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })
    ).text();
    expect(metrics).toMatch(new RegExp(`allswell_request_attempts_total\\{.*result="${name}"\\} [12]\\n`));
  });

  it.each(refusals)('by %s leads to a fallback group', async (_status, script) => {
    const [bad, good] = [await opened.upstream(script), await opened.upstream(answersWell)];
    const gateway = await opened.pod(
      `model_list:\n${deployment('m', bad.url)}${deployment('other', good.url)}router_settings: { fallbacks: [{ m: [other] }] }\n`,
    );
    const answer = await gateway.chat('m');
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('hello')]);
  });

  it.each(refusals)('by %s and is the only one gets one attempt, and the caller its error', async (status, script) => {
    const only = await opened.upstream(script);
    const gateway = await opened.pod(`model_list:\n${deployment('m', only.url)}`);
    const answer = await gateway.chat('m');
    expect([String(answer.status), await answer.json()]).toMatchObject([status, { error: { type: 'scripted' } }]);
    expect(only.requests).toHaveLength(1);
  });

  it.each([
    ['in part', 'Incorrect API key provided: sk-proj-ab********wxyz. Find yours at https://example.com/keys.'],
    [
      'of another deployment',
      'Incorrect API key provided: sk-proj-0123456789abcdef. Find yours at https://example.com/keys.',
    ],
  ])('the key that the upstream quotes %s is not shown to the caller', async (_how, message) => {
    const only = await opened.upstream(answers(401, { code: 'invalid_api_key', message }));
    const gateway = await opened.pod(`model_list:\n${deployment('m', only.url)}`);
    const { error } = (await (await gateway.chat('m')).json()) as { error: { message: string; code: string } };
    expect(error).toMatchObject({
      code: 'invalid_api_key',
      message: 'Incorrect API key provided: [redacted] Find yours at https://example.com/keys.',
    });
  });

  it('nor is one that the upstream quotes in a 400', async () => {
    const message = 'Incorrect API key provided: sk-proj-ab********wxyz. Find yours at https://example.com/keys.';
    const only = await opened.upstream(answers(400, { code: 'invalid-argument', message }));
    const gateway = await opened.pod(`model_list:\n${deployment('m', only.url)}`);
    const answer = await gateway.chat('m');
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { message: 'Incorrect API key provided: [redacted] Find yours at https://example.com/keys.' } },
    ]);
  });

  it('but a file that does not exist is the fault of the caller', async () => {
    const { bad, good, gateway } = await pair(answers(404, { message: 'No such File object: file-1' }));
    for (let count = 1; count <= 4; count += 1) expect((await gateway.chat('m')).status).toBe(404);
    expect([bad.requests.length, good.requests.length]).toEqual([4, 0]);
  });
});
