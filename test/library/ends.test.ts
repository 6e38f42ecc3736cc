import { getEventListeners } from 'node:events';
import { createOpenAI } from '@ai-sdk/openai';
import { streamText } from 'ai';
import { describe, expect, it } from 'vitest';
import { http, openai } from '../../src/library/index.ts';
import type { FleetMember } from '../../src/library/index.ts';
import { until } from '../../src/testing/index.ts';
import { chat, chunk, eventServer, join, twoUpstreams } from './stand.ts';
import type { EventServer } from './stand.ts';

// How attempts and answers end: at the upstream, for the caller, and as evidence.

const WITHIN = { withinMs: 5_000, everyMs: 5 };

describe('at its upstream, an attempt is cancelled', () => {
  it('when its time is over', async () => {
    const { a, targets } = await twoUpstreams();
    const inOrder = { chat: targets.chat.map((one, order) => ({ ...one, order })) };
    const fleet = await join({ targets: inOrder, routing: { timeoutMs: 200 } });
    a.set('chat', { kind: 'hang' });
    expect((await chat(fleet.fetch('chat'))).status).toBe(200);
    expect(a.traffic('chat')).toBe(1);
    await until(() => a.model('chat').traffic.inFlight === 0, { ...WITHIN, what: 'no request at the one that hangs' });
  });

  it('when the caller gives up in the middle of the answer, by an error that is not of the network', async () => {
    const server = await eventServer();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: `${server.url}/v1`, apiKey: 'k' })] } });
    const giveUp = new AbortController();
    const response = await chat(fleet.fetch('chat'), { signal: giveUp.signal });
    const text = response.text();
    giveUp.abort(new Error('gave up'));
    await expect(text).rejects.toThrow('gave up');
    await until(() => server.open() === 0, { ...WITHIN, what: 'the connection to be closed' });
    expect(fleet.state('chat').state).toBe('unknown');
  });

  it('when another one takes over, though its answer goes on', async () => {
    const [failing, fine] = [await eventServer(503), await eventServer()];
    const targets = { chat: [failing, fine].map(({ url }, order) => http({ id: String(order), url, order })) };
    const fleet = await join({ targets });
    expect((await fleet.fetch('chat')('/events')).status).toBe(200);
    expect(failing.requests()).toBe(1);
    await until(() => failing.open() === 0, { ...WITHIN, what: 'the connection to be closed' });
    expect(fine.open()).toBe(1);
  });
});

it('a signal that lives for long keeps nothing of a request that is over', async () => {
  const { a, targets } = await twoUpstreams();
  const fleet = await join({ targets, routing: { retries: 1 } });
  const { signal } = new AbortController();
  const send = fleet.fetch('chat');
  await (await chat(send, { signal })).text();
  await new Response((await chat(send, { signal })).body).text();
  await (await chat(send, { signal })).body?.cancel();
  a.set('chat', { kind: 'status', status: 500 });
  for (let i = 0; i < 3; i += 1) await (await chat(send, { signal })).text();
  await a.setFault('all', 'refuse');
  for (let i = 0; i < 3; i += 1) await (await chat(send, { signal })).text();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

/** Reads the stream of one call of the model. The upstream sends a first part, and then what `after` does. */
async function stream(fleet: FleetMember<'chat'>, server: EventServer, after: () => void, abortSignal?: AbortSignal) {
  const model = fleet.model('chat', [createOpenAI({ baseURL: `${server.url}/v1`, apiKey: 'k' }).chat('chat')]);
  const more = abortSignal === undefined ? {} : { abortSignal };
  const { fullStream } = streamText({ model, prompt: 'hi', maxRetries: 0, onError: () => {}, ...more });
  const before = server.requests();
  const types: string[] = [];
  const read = (async () => {
    for await (const { type } of fullStream) {
      types.push(type);
      if (type === 'text-delta' && types.filter((one) => one === type).length === 1) after();
    }
  })().catch(() => {});
  await until(() => server.requests() > before, { ...WITHIN, what: 'the request' });
  server.send(`data: ${chunk('one')}\n\n`);
  await read;
  return types;
}

describe('a stream of a model', () => {
  const broken: readonly (readonly [string, (server: EventServer) => void])[] = [
    ['whose connection is cut', (server) => server.drop()],
    [
      'in which the upstream sends an error',
      (server) => {
        server.send(`data: ${JSON.stringify({ error: { message: 'no capacity', type: 'server_error' } })}\n\n`);
        server.send('data: [DONE]\n\n');
        server.finish();
      },
    ],
  ];

  it.each(broken)('%s after its first part counts as a failure', async (_, breakOff) => {
    const server = await eventServer();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: `${server.url}/v1`, apiKey: 'k' })] } });
    for (let i = 0; i < 2; i += 1) {
      const types = await stream(fleet, server, () => breakOff(server));
      expect(types).toContain('text-delta');
    }
    expect(server.requests()).toBe(2);
    expect(fleet.state('chat').routable).toBe(false);
  });

  it('that the caller aborts is no evidence', async () => {
    const server = await eventServer();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: `${server.url}/v1`, apiKey: 'k' })] } });
    for (let i = 0; i < 3; i += 1) {
      const giveUp = new AbortController();
      await stream(fleet, server, () => giveUp.abort(new Error('gave up')), giveUp.signal);
    }
    expect(fleet.state('chat')).toMatchObject({ state: 'unknown', routable: true });
  });
});
