import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { http, openai, triedOf } from '../../src/library/index.ts';
import { startMockUpstream, until } from '../../src/testing/index.ts';
import { chat, eventServer, join, twoUpstreams, MOST_MET } from './stand.ts';

describe('fetch of a group', () => {
  it('serves the real client of OpenAI, by whichever upstream answers', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets });
    a.set('chat', { kind: 'status', status: 503 });
    const client = new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: fleet.fetch('chat') });
    for (let i = 0; i < 5; i += 1) {
      const answer = await client.chat.completions.create({
        model: 'chat',
        messages: [{ role: 'user', content: 'hi' }],
      });
      expect(answer.choices[0]?.message.content).toBeTruthy();
    }
    expect(b.traffic('chat')).toBe(5);
    expect(a.traffic('chat')).toBeLessThanOrEqual(MOST_MET);
  });

  it('streams, as the answer comes', async () => {
    const stream = await eventServer();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: `${stream.url}/v1`, apiKey: 'k' })] } });
    const client = new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: fleet.fetch('chat') });
    const answer = await client.chat.completions.create({ model: 'chat', stream: true, messages: [] });
    const parts = answer[Symbol.asyncIterator]();
    for (const text of ['one', 'two']) {
      // The next event is sent only now: nothing waits for the whole answer.
      stream.send(`data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`);
      expect((await parts.next()).value?.choices[0]?.delta.content).toBe(text);
    }
    stream.send('data: [DONE]\n\n');
    expect((await parts.next()).done).toBe(true);
  });

  it('answers a response that is one: its body may be looked at, copied, and read in each way', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets });
    const ways: readonly ((response: Response) => Promise<unknown>)[] = [
      async (response) => await response.json(),
      async (response) => JSON.parse(await response.text()),
      async (response) => JSON.parse(new TextDecoder().decode(await response.arrayBuffer())),
      async (response) => JSON.parse(await (await response.blob()).text()),
      async (response) => await response.clone().json(),
      async ({ body }) => await new Response(body).json(),
      async (response) => await new Response(response.body?.pipeThrough(new TransformStream())).json(),
    ];
    for (const read of ways) {
      const response = await chat(fleet.fetch('chat'));
      expect(response).toBeInstanceOf(Response);
      expect(response.body).not.toBeNull();
      expect(response.bodyUsed).toBe(false);
      expect(await read(response)).toMatchObject({ object: 'chat.completion' });
    }
  });

  it('sends each upstream its own key, and never that of another one', async () => {
    const seen: (string | undefined)[] = [];
    const own = await startMockUpstream({ onRequest: (_, { headers }) => void seen.push(headers['authorization']) });
    const other = await startMockUpstream({ onRequest: (_, { headers }) => void seen.push(headers['authorization']) });
    const fleet = await join({
      targets: {
        keyed: [openai({ baseUrl: own.apiBase, apiKey: 'its-own', model: 'chat' })],
        // Without keys: the caller's goes to the host that the caller named.
        keyless: [
          openai({ id: 'named', baseUrl: own.apiBase, model: 'chat', order: 1 }),
          openai({ id: 'other', baseUrl: other.apiBase, model: 'chat', order: 2 }),
        ],
      },
    });
    await chat(fleet.fetch('keyed'));
    const named = fleet.fetch('keyless');
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const headers = { authorization: 'Bearer of-the-caller' };
    await named(`${own.apiBase}/chat/completions`, { method: 'POST', headers, body });
    own.set('chat', { kind: 'status', status: 500 });
    await named(`${own.apiBase}/chat/completions`, { method: 'POST', headers, body });
    expect(seen[0]).toBe('Bearer its-own');
    expect(new Set(seen.slice(1))).toEqual(new Set(['Bearer of-the-caller']));
    seen.length = 0;
    own.set('chat', { kind: 'ok' });
    // A base of the caller's own is another host than those of the upstreams.
    const based = fleet.fetch('keyless', { base: 'https://gateway.example/v1' });
    const refused = based('https://gateway.example/v1/chat/completions', { method: 'POST', headers, body });
    await expect(refused).rejects.toThrow(
      /the request has credentials, and no upstream without a key is at its address/,
    );
    expect(seen).toEqual([]);
    await based('https://gateway.example/v1/chat/completions', { method: 'POST', body });
    expect(seen).toEqual([undefined]);
    await own.close();
    await other.close();
  });

  it('sends credentials in a query to the host alone that the caller named', async () => {
    const seen: string[] = [];
    const named = await startMockUpstream({ onRequest: (_, { path }) => void seen.push(`named ${path}`) });
    const other = await startMockUpstream({ onRequest: (_, { path }) => void seen.push(`other ${path}`) });
    const fleet = await join({
      targets: { search: [http({ url: named.apiBase, order: 1 }), http({ url: other.apiBase, order: 2 })] },
    });
    named.set('chat', { kind: 'status', status: 500 });
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const url = `${named.apiBase}/chat/completions?a=%20&KEY=secret&alt=sse`;
    expect((await fleet.fetch('search')(url, { method: 'POST', body })).status).toBe(200);
    expect(seen).toEqual([
      'named /v1/chat/completions?a=%20&KEY=secret&alt=sse',
      'other /v1/chat/completions?a=%20&alt=sse',
    ]);
    await Promise.all([named.close(), other.close()]);
  });

  it('answers what the last upstream answered, and what was tried before', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets, routing: { retries: 1 } });
    for (const one of [a, b]) one.set('chat', { kind: 'status', status: 502, body: { error: { message: 'broken' } } });
    const response = await chat(fleet.fetch('chat'));
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ error: { message: 'broken' } });
    expect(response.url).toMatch(/\/v1\/chat\/completions$/);
    expect(triedOf(response).map(({ outcome, status }) => [outcome, status])).toEqual([
      ['server', 502],
      ['server', 502],
    ]);
    expect(new Set(triedOf(response).map(({ deployment }) => deployment))).toEqual(new Set(['a', 'b']));
  });

  it("throws fetch's own error where nothing answers, with what was tried, through a client that wraps it", async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets, routing: { retries: 1 } });
    await Promise.all([a.setFault('all', 'refuse'), b.setFault('all', 'refuse')]);
    const client = new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: fleet.fetch('chat') });
    const error = await client.chat.completions
      .create({ model: 'chat', messages: [] })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(triedOf(error).map(({ outcome }) => outcome)).toEqual(['network', 'network']);
  });

  it('sends a body that is a stream once only', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets });
    for (const one of [a, b]) one.set('chat', { kind: 'status', status: 503 });
    const body = new Blob([JSON.stringify({ model: 'chat', messages: [] })]).stream();
    const response = await chat(fleet.fetch('chat'), { body, duplex: 'half' });
    expect(response.status).toBe(503);
    expect(a.traffic('chat') + b.traffic('chat')).toBe(1);
  });

  it('ends with the reason of the caller who gives up, which counts against nobody', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets });
    for (const one of [a, b]) one.set('chat', { kind: 'hang' });
    for (let i = 0; i < 4; i += 1) {
      const giveUp = new AbortController();
      const before = a.traffic('chat') + b.traffic('chat');
      const asked = chat(fleet.fetch('chat'), { signal: giveUp.signal });
      await until(() => a.traffic('chat') + b.traffic('chat') > before, { withinMs: 5_000, what: 'the request' });
      giveUp.abort(new Error('gave up'));
      await expect(asked).rejects.toThrow('gave up');
    }
    expect(fleet.state('chat').deployments.map(({ routable }) => routable)).toEqual([true, true]);
  });

  it('goes elsewhere when an upstream hangs for longer than its time', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets, routing: { timeoutMs: 200 } });
    a.set('chat', { kind: 'hang' });
    for (let i = 0; i < 4; i += 1) expect((await chat(fleet.fetch('chat'))).status).toBe(200);
    expect(b.traffic('chat')).toBe(4);
    expect(a.traffic('chat')).toBeLessThanOrEqual(MOST_MET);
  });

  it('never repeats a request that is at fault itself', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets });
    const body = { error: { message: 'Invalid value', type: 'invalid_request_error', code: null } };
    for (const one of [a, b]) one.set('chat', { kind: 'status', status: 400, body });
    expect((await chat(fleet.fetch('chat'))).status).toBe(400);
    expect(a.traffic('chat') + b.traffic('chat')).toBe(1);
    expect(fleet.state('chat').deployments.every(({ routable }) => routable)).toBe(true);
  });

  it('notices an answer that breaks off: by text, and as a stream', async () => {
    for (const read of [
      async (response: Response): Promise<unknown> => await response.text(),
      async ({ body }: Response): Promise<unknown> => await new Response(body).text(),
    ]) {
      const { a, targets } = await twoUpstreams();
      const fleet = await join({ targets: { chat: targets.chat.slice(0, 1) } });
      a.set('chat', { kind: 'stall' });
      for (let i = 0; i < 2; i += 1) {
        const response = await chat(fleet.fetch('chat'));
        const text = read(response);
        await a.setFault('all', 'drop');
        await expect(text).rejects.toThrow('terminated');
        await a.setFault('all', 'none');
      }
      expect(fleet.state('chat').routable).toBe(false);
    }
  });

  it('replaces the name of the model where an upstream has another one', async () => {
    const { a } = await twoUpstreams();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: a.apiBase, model: 'another', apiKey: 'k' })] } });
    await chat(fleet.fetch('chat'));
    expect([a.traffic('chat'), a.traffic('another')]).toEqual([0, 1]);
  });

  it('asks an upstream of a fallback group for the model of that group', async () => {
    const { a, b } = await twoUpstreams();
    const fleet = await join({
      targets: {
        large: [openai({ baseUrl: a.apiBase, apiKey: 'k' })],
        small: [openai({ baseUrl: b.apiBase, apiKey: 'k' })],
      },
      routing: { fallbacks: { large: ['small'] }, retries: 0 },
    });
    a.set('large', { kind: 'status', status: 500 });
    const body = JSON.stringify({ model: 'large', messages: [] });
    expect((await fleet.fetch('large')('/chat/completions', { method: 'POST', body })).status).toBe(200);
    expect([b.traffic('small'), b.traffic('large')]).toEqual([1, 0]);
  });

  it('refuses a URL that begins with no base of the group, and says how to name one', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets });
    const send = fleet.fetch('chat');
    await expect(send('https://elsewhere.example/v1/chat/completions')).rejects.toThrow(
      /does not begin with a base URL.*pass \{ base \}/,
    );
    const based = fleet.fetch('chat', { base: 'https://elsewhere.example/v1/' });
    const body = JSON.stringify({ model: 'chat', messages: [] });
    expect((await based('https://elsewhere.example/v1/chat/completions', { method: 'POST', body })).status).toBe(200);
  });

  it('takes any HTTP API: its errors of the caller are answers, 503 is not', async () => {
    const { a, b } = await twoUpstreams();
    const targets = {
      search: [http({ id: 'a', url: a.apiBase, order: 1 }), http({ id: 'b', url: b.apiBase, order: 2 })],
    };
    const fleet = await join({ targets });
    const send = fleet.fetch('search');
    a.set('@listing', { kind: 'status', status: 404 });
    expect((await send('/models?limit=1')).status).toBe(404);
    a.set('@listing', { kind: 'status', status: 503 });
    expect((await send(`${a.apiBase}/models`)).status).toBe(200);
    expect(fleet.state('search').deployments.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
