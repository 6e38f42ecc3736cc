import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { openCliStage } from '../support/cli.ts';
import type { CliStage, SpawnedCli } from '../support/cli.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { chunk } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

// A real process that gets SIGTERM while requests run.

const opened = closingAfterEach();
let stage: CliStage;
beforeEach(() => {
  stage = openCliStage();
});
afterEach(async () => await stage.close());

async function pod(script: Script, drainS: number): Promise<{ process: SpawnedCli; url: string }> {
  const upstream = await opened.upstream(script);
  const claude = deployment('claude', upstream.url, { model: 'anthropic/claude-sonnet-4-5' });
  const config = stage.file(
    'pod.yaml',
    `model_list:\n${deployment('m', upstream.url)}${claude}general_settings: { master_key: ${KEY} }\n`,
  );
  const process = stage.spawn(['serve', '--config', config, '--host', '127.0.0.1', '--port', '0'], {
    GRACEFUL_SHUTDOWN_TIMEOUT: String(drainS),
  });
  const look = (): string | undefined => /listens on (http:\/\/\S+)/.exec(process.stdout())?.[1];
  return { process, url: await until(look, { withinMs: 20_000, what: 'a pod to listen' }) };
}

interface Answer {
  readonly head: IncomingMessage;
  text(): string;
  readonly ended: Promise<'whole' | 'cut'>;
}

async function post(url: string, path: string, body: object, agent: Agent): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const sent = request(`${url}${path}`, { method: 'POST', headers, agent }, (head) => {
      let text = '';
      head.on('data', (part) => (text += String(part)));
      head.on('error', () => {});
      const ended = new Promise<'whole' | 'cut'>((end) =>
        head.once('close', () => end(head.complete ? 'whole' : 'cut')),
      );
      resolve({ head, text: () => text, ended });
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
}

const asked = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 9, stream: true };

/** Streams a beginning in the format that was asked for, and no end. */
function endless(): Script {
  return (response, { path }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (!path.endsWith('/messages')) {
      response.write(chunk('begun '));
      return;
    }
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'c',
      content: [],
      usage: { input_tokens: 1 },
    };
    response.write(`event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message })}\n\n`);
  };
}

it(
  'streams that outlast the drain time end with an error event in the wire of their client',
  { timeout: 60_000 },
  async () => {
    const { process, url } = await pod(endless(), 1);
    const agent = new Agent({ keepAlive: true });
    const openai = await post(url, '/v1/chat/completions', { ...asked, model: 'm' }, agent);
    const anthropic = await post(url, '/v1/messages', { ...asked, model: 'claude' }, agent);
    await until(() => openai.text().includes('begun') && anthropic.text().includes('message_start'), {
      what: 'both streams',
      withinMs: 10_000,
    });
    process.signal('SIGTERM');
    expect([await openai.ended, await anthropic.ended]).toEqual(['whole', 'whole']);
    const last = openai.text().trimEnd().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace(/^data: /, ''))).toMatchObject({
      error: { message: expect.stringContaining('not complete: the gateway pod stops'), code: '503' },
    });
    expect(openai.text()).not.toContain('[DONE]');
    expect(anthropic.text()).toMatch(/event: error\ndata: \{"type":"error","error":\{.*not complete.*\n\n$/);
    expect(anthropic.text()).not.toContain('message_stop');
    expect(await process.ended).toMatchObject({ status: 0 });
    agent.destroy();
  },
);

it('a request without an answer gets 503 at the end of the drain time', { timeout: 60_000 }, async () => {
  let isAsked = false;
  const { process, url } = await pod(() => void (isAsked = true), 1);
  const agent = new Agent();
  const waiting = post(url, '/v1/chat/completions', { ...asked, model: 'm' }, agent);
  await until(() => isAsked, { what: 'the request at the upstream', withinMs: 10_000 });
  process.signal('SIGTERM');
  const { head, ended, text } = await waiting;
  expect([await ended, head.statusCode, head.headers['connection']]).toEqual(['whole', 503, 'close']);
  expect(text()).toContain('The gateway pod stops');
  expect(await process.ended).toMatchObject({ status: 0 });
  agent.destroy();
});

it('while it drains, answers on kept-alive connections close them', { timeout: 60_000 }, async () => {
  let [isAsked, isFree] = [false, false];
  const { process, url } = await pod(async (response) => {
    isAsked = true;
    await until(() => isFree, { what: 'the end of the test', withinMs: 30_000 });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${chunk('all', 'stop')}data: [DONE]\n\n`);
  }, 30);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = post(url, '/v1/chat/completions', { ...asked, model: 'm' }, agent);
  await until(() => isAsked, { what: 'the request at the upstream', withinMs: 10_000 });
  process.signal('SIGTERM');
  await until(() => process.stdout().includes('Stopping on SIGTERM'), { what: 'the drain', withinMs: 10_000 });
  isFree = true;
  const answer = await before;
  expect([await answer.ended, answer.head.headers['connection']]).toEqual(['whole', 'close']);
  expect(answer.text()).toContain('[DONE]');
  expect(await process.ended).toMatchObject({ status: 0 });
  agent.destroy();
});
