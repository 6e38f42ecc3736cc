import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { deployment, startGatewayPod } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import {
  answers,
  answersWell,
  chatAnswer,
  chunk,
  startScriptedUpstream,
  streams,
} from './support/scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

// One pod, real upstreams that misbehave in one way each, counted where it hurts: at the upstream.

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function upstream(script: Script): Promise<ScriptedUpstream> {
  const started = await startScriptedUpstream(script);
  opened.push(() => started.close());
  return started;
}

async function pod(yaml: string): Promise<GatewayPod> {
  const started = await startGatewayPod({ yaml });
  opened.push(() => started.server.stop());
  return started;
}

/** Two deployments of one group; the first one is always tried first. */
async function pair(
  first: Script,
  second: Script,
  more = '',
): Promise<{ bad: ScriptedUpstream; good: ScriptedUpstream; gateway: GatewayPod }> {
  const [bad, good] = [await upstream(first), await upstream(second)];
  const gateway = await pod(
    `model_list:\n${deployment('m', bad.url, { params: 'order: 1' })}${deployment('m', good.url, { params: 'order: 2' })}${more}`,
  );
  return { bad, good, gateway };
}

async function alone(script: Script, more = '', params = ''): Promise<{ only: ScriptedUpstream; gateway: GatewayPod }> {
  const only = await upstream(script);
  return { only, gateway: await pod(`model_list:\n${deployment('m', only.url, { params })}${more}`) };
}

const textOf = async (answer: Response): Promise<unknown> => {
  const body = (await answer.json()) as { choices?: { message: { content: string } }[] };
  return body.choices?.[0]?.message.content;
};

const reset: Script = (response) => void response.socket?.resetAndDestroy();
const silence: Script = () => {};

describe('before the first byte a request goes elsewhere, and its caller sees nothing', { timeout: 30_000 }, () => {
  it.each<[string, Script]>([
    ['429 with Retry-After', answers(429, {}, { 'retry-after': '30' })],
    ['429 without', answers(429)],
    ['500', answers(500)],
    // Bedrock's status for a model that failed.
    ['424', answers(424)],
    ['503', answers(503)],
    ['a reset connection', reset],
    ['an empty body', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end()],
    [
      'a body that is no JSON',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
    ],
    [
      'an error within a 200',
      (response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end('{"error":{"message":"x"}}'),
    ],
    [
      'a body that breaks off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 });
        response.write(chatAnswer('x').slice(0, 50), () => response.destroy());
      },
    ],
  ])('%s', async (_what, script) => {
    const { bad, good, gateway } = await pair(script, answersWell);
    const answer = await gateway.chat('m');
    expect([answer.status, await textOf(answer)]).toEqual([200, 'hello']);
    expect([bad.requests.length, good.requests.length]).toEqual([1, 1]);
    expect(answer.headers.get('x-allswell-attempts')).toBe('2');
  });

  it('a refused connection', async () => {
    const { bad, good, gateway } = await pair(answersWell, answersWell);
    await bad.close();
    opened.push(() => bad.reopen());
    expect((await gateway.chat('m')).status).toBe(200);
    expect(good.requests).toHaveLength(1);
  });

  it('silence, after the limit of the first byte', async () => {
    const { bad, good, gateway } = await pair(silence, answersWell, 'router_settings: { timeout: 0.3 }\n');
    const answer = await gateway.chat('m');
    expect([answer.status, await textOf(answer)]).toEqual([200, 'hello']);
    expect([bad.requests.length, good.requests.length]).toEqual([1, 1]);
    await bad.requests[0]?.aborted;
  });

  it.each<[string, Script]>([
    ['that ends at once', (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end()],
    [
      'whose first event is an error',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n');
      },
    ],
    [
      'that sends comments and no first token',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(': working\n\n');
      },
    ],
  ])('a stream %s', async (_what, script) => {
    const { bad, good, gateway } = await pair(script, streams(3), 'router_settings: { stream_timeout: 0.3 }\n');
    const answer = await gateway.chat('m', { stream: true });
    expect(await answer.text()).toMatch(/t0 .*t2 .*\[DONE\]/s);
    expect([bad.requests.length, good.requests.length]).toEqual([1, 1]);
  });
});

describe('a lone deployment', { timeout: 30_000 }, () => {
  it('that failed once is asked once more', async () => {
    const { only, gateway } = await alone((response, request, number) =>
      number === 1 ? answers(500)(response, request, number) : answersWell(response, request, number),
    );
    expect((await gateway.chat('m')).status).toBe(200);
    expect(only.requests).toHaveLength(2);
  });

  it('that fails for good is asked at most once more, and its own answer is the caller’s', async () => {
    const { only, gateway } = await alone(answers(503, { message: 'closed for good' }));
    const answer = await gateway.chat('m');
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { message: 'closed for good' } }]);
    expect(only.requests.length).toBeLessThanOrEqual(2);
  });

  it('that asks to wait is not asked again before, and the caller learns for how long', async () => {
    const { only, gateway } = await alone(answers(429, {}, { 'retry-after': '30' }));
    const answer = await gateway.chat('m');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(29);
    for (let count = 0; count < 5; count += 1) await gateway.chat('m');
    expect(only.requests.length).toBeLessThanOrEqual(6);
  });
});

describe('a stream that has begun never ends as a truncated success', { timeout: 30_000 }, () => {
  const broken: readonly (readonly [string, Script])[] = [
    [
      'cut at 40 of 60 tokens',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let at = 0; at < 40; at += 1) response.write(chunk(`t${at} `));
        setTimeout(() => response.socket?.resetAndDestroy(), 50);
      },
    ],
    [
      'closed without an end',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(chunk('t0 '));
      },
    ],
    [
      'stalled with the connection open',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(chunk('t0 '));
      },
    ],
    [
      'malformed in the middle',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(chunk('t0 '));
        response.write('data: {"id":"chatcmpl-1","choi\n\n');
        response.end('data: [DONE]\n\n');
      },
    ],
  ];

  it.each(broken)('%s', async (_what, script) => {
    const { gateway } = await alone(script, 'fleet_health: { gateway: { idle_timeout: 0.4 } }\n');
    const answer = await gateway.chat('m', { stream: true });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain('t0 ');
    expect(text).not.toContain('[DONE]');
    const last = text.trimEnd().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({
      error: { message: expect.stringContaining('not complete') },
    });
  });

  it('but an upstream that leaves out [DONE] has ended its answer', async () => {
    const { gateway } = await alone((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('t0 '));
      response.end(chunk('', 'stop'));
    });
    const text = await (await gateway.chat('m', { stream: true })).text();
    expect(text).toBe(chunk('t0 ') + chunk('', 'stop'));
  });

  it('and one that sends [DONE] and keeps its connection open does not hold the caller', async () => {
    const { gateway } = await alone((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`${chunk('t0 ', 'stop')}data: [DONE]\n\n`);
    });
    const startedMs = performance.now();
    const text = await (await gateway.chat('m', { stream: true })).text();
    expect(text).toMatch(/\[DONE\]\n\n$/);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe('a caller', { timeout: 30_000 }, () => {
  it('who leaves aborts the upstream, and that is no failure of it', async () => {
    const { bad, gateway } = await pair(silence, answersWell);
    for (let count = 1; count <= 4; count += 1) {
      const leaving = new AbortController();
      const asked = gateway.chat('m', {}, { signal: leaving.signal }).catch(() => undefined);
      await until(() => bad.requests.length === count, { what: 'the request at the upstream', withinMs: 5_000 });
      leaving.abort();
      await asked;
      await bad.requests[count - 1]?.aborted;
    }
    bad.script = answersWell;
    await gateway.chat('m');
    expect(bad.requests).toHaveLength(5);
  });

  it('gets an error of its own request at once, untouched, and nothing is tried again', async () => {
    const { bad, good, gateway } = await pair(
      answers(400, { message: 'no such parameter: foo', param: 'foo' }),
      answersWell,
    );
    const answer = await gateway.chat('m');
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param: 'foo' } }]);
    expect([bad.requests.length, good.requests.length]).toEqual([1, 0]);
  });
});

describe('a prompt that', { timeout: 30_000 }, () => {
  const tooLong = answers(400, {
    code: 'context_length_exceeded',
    message: "This model's maximum context length is 8 tokens",
  });
  const filtered = answers(400, { code: 'content_filter', message: 'The response was filtered' });

  it.each([
    ['is too long', tooLong, 'context_window_fallbacks'],
    ['is filtered', filtered, 'content_policy_fallbacks'],
  ])('%s goes to its own fallback and nowhere else', async (_what, script, key) => {
    const [small, large, other] = [await upstream(script), await upstream(answersWell), await upstream(answersWell)];
    const gateway = await pod(
      `model_list:\n${deployment('small', small.url)}${deployment('large', large.url)}${deployment('other', other.url)}` +
        `router_settings: { ${key}: [{ small: [large] }], fallbacks: [{ small: [other] }] }\n`,
    );
    const answer = await gateway.chat('small');
    expect([answer.status, answer.headers.get('x-litellm-model-group')]).toEqual([200, 'large']);
    expect([small, large, other].map(({ requests }) => requests.length)).toEqual([1, 1, 0]);
  });

  it.each([
    ['is too long', tooLong],
    ['is filtered', filtered],
  ])('%s is not tried again where there is no fallback for it, and the reason stays', async (_what, script) => {
    const { only, gateway } = await alone(script);
    const answer = await gateway.chat('m');
    const sent = JSON.parse(await answer.text()) as { error: { code: string } };
    expect([answer.status, only.requests.length]).toEqual([400, 1]);
    expect(['context_length_exceeded', 'content_filter']).toContain(sent.error.code);
  });
});

it('a fallback that answers reports its own model and usage', async () => {
  const [dead, spare] = [await upstream(answers(500)), await upstream(answersWell)];
  const gateway = await pod(
    `model_list:\n${deployment('a', dead.url)}${deployment('b', spare.url)}router_settings: { fallbacks: [{ a: [b] }] }\n`,
  );
  const answer = await gateway.chat('a');
  expect(answer.headers.get('x-litellm-model-group')).toBe('b');
  expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
  expect(await answer.json()).toMatchObject({ model: 'upstream-model', usage: { total_tokens: 5 } });
});
