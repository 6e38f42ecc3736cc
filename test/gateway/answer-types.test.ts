import { describe, expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answersWell, chatAnswer, chunk, streams } from './support/scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

// Upstreams, and proxies before them, that answer 200 with another content type than that of the endpoint.

const opened = closingAfterEach();
const LOGIN_PAGE = '<!doctype html>\n\n<html><body>Log in to the proxy</body></html>';

function sends(type: string, text: string): Script {
  return (response) => void response.writeHead(200, { 'content-type': type }).end(text);
}

async function pair(first: Script, second: Script): Promise<{ good: ScriptedUpstream; gateway: GatewayPod }> {
  const [bad, good] = [await opened.upstream(first), await opened.upstream(second)];
  const gateway = await opened.pod(
    `model_list:\n${deployment('m', bad.url, { params: 'order: 1' })}${deployment('m', good.url, { params: 'order: 2' })}`,
  );
  return { good, gateway };
}

it.each([10, 40_000])('every byte of a whole answer reaches the client: a text of %i euro signs', async (count) => {
  const sent = chatAnswer(`é \u{1F600} ${'€'.repeat(count)}`);
  const { gateway } = await pair(sends('application/json', sent), answersWell);
  const answer = await gateway.chat('m');
  expect([answer.status, await answer.text()]).toEqual([200, sent]);
});

describe('a 200 that is no answer', () => {
  it.each(['text/html', 'text/plain; charset=utf-8', 'application/octet-stream', 'Application/JSON'])(
    'fault: %s counts as a success, and its text as the answer',
    async (type) => {
      const { gateway } = await pair(sends(type, LOGIN_PAGE), answersWell);
      const whole = await gateway.chat('m');
      expect([whole.status, await whole.text()]).toEqual([200, chatAnswer('hello')]);
      const { gateway: streaming } = await pair(sends(type, LOGIN_PAGE), streams(2));
      const streamed = await (await streaming.chat('m', { stream: true })).text();
      expect(streamed).toMatch(/^data: .*t1 .*\[DONE\]\n\n$/s);
    },
  );

  it('fault: a page of HTML counts as speech', async () => {
    const { gateway } = await pair(sends('text/html', LOGIN_PAGE), sends('audio/mpeg', 'sound'));
    const answer = await gateway.post('/v1/audio/speech', { model: 'm', input: 'hi', voice: 'alloy' });
    expect([answer.status, await answer.text()]).toEqual([200, 'sound']);
  });

  it.each(['text/plain', 'Text/Event-Stream; charset=utf-8'])(
    'fault: a stream of type %s that ends in the middle counts as a success',
    async (type) => {
      const { gateway } = await pair(sends(type, chunk('half ')), answersWell);
      const text = await (await gateway.chat('m', { stream: true })).text();
      expect(text).toContain('The answer is not complete');
    },
  );
});

it.each([302, 304, 999])(
  'fault: %d of an upstream, which is no error of HTTP, is the status of the answer',
  async (status) => {
    const upstream = await opened.upstream((response) => void response.writeHead(status, { location: '/login' }).end());
    const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
    const answer = await gateway.chat('m');
    expect([answer.status, await answer.json()]).toMatchObject([
      502,
      { error: { message: expect.stringContaining(`answered ${status}`) } },
    ]);
  },
);

describe('an answer under another type', () => {
  it('is an answer all the same', async () => {
    const { gateway } = await pair(sends('text/plain', chatAnswer('plain')), answersWell);
    expect(await (await gateway.chat('m')).text()).toBe(chatAnswer('plain'));
    const events = chunk('plain ') + chunk('', 'stop');
    const { gateway: streaming } = await pair(sends('application/octet-stream', events), answersWell);
    expect(await (await streaming.chat('m', { stream: true })).text()).toBe(events);
  });

  it('fault: is passed on in the format of the upstream instead of that of the client', async () => {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const upstream = await opened.upstream(sends('text/plain', JSON.stringify(message)));
    const gateway = await opened.pod(
      `model_list:\n${deployment('m', upstream.url, { model: 'anthropic/claude-sonnet-4-5' })}`,
    );
    expect(await (await gateway.chat('m')).json()).toMatchObject({ choices: [{ message: { content: 'hi' } }] });
  });

  it('a transcription may be plain text', async () => {
    const { gateway } = await pair(sends('text/plain', 'spoken words'), answersWell);
    const form = new FormData();
    form.set('model', 'm');
    form.set('file', new Blob(['sound']), 'a.mp3');
    expect(await (await gateway.post('/v1/audio/transcriptions', form)).text()).toBe('spoken words');
  });
});
