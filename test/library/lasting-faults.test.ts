import { describe, expect, it } from 'vitest';
import { openai, triedOf } from '../../src/library/index.ts';
import { scriptedFetch, until } from '../../src/testing/index.ts';
import { chat, join, redis, twoUpstreams } from './stand.ts';

// Faults that stay, and requests that are at fault themselves. An upstream that is back must get requests again, whatever they are.

const routing = { trialIntervalMs: 1_000 };
const WITHIN = { withinMs: 40_000, what: 'a request at the upstream that is back', everyMs: 20 };

describe('an upstream that is back', { timeout: 100_000 }, () => {
  it('is found by requests of a group whose only upstream it is, and that has a fallback', async () => {
    const { a, b } = await twoUpstreams();
    const targets = {
      chat: [openai({ baseUrl: a.apiBase, apiKey: 'k' })],
      spare: [openai({ baseUrl: b.apiBase, apiKey: 'k' })],
    };
    const fleet = await join({ targets, routing: { ...routing, fallbacks: { chat: ['spare'] } } });
    a.set('chat', { kind: 'status', status: 503 });
    for (let i = 0; i < 4; i += 1) expect((await chat(fleet.fetch('chat'))).status).toBe(200);
    a.set('chat', { kind: 'ok' });
    const before = a.traffic('chat');
    await until(async () => (await chat(fleet.fetch('chat'))).ok && a.traffic('chat') > before + 1, WITHIN);
  });

  it('is found by an application that only picks and reports', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets, routing });
    for (let i = 0; i < 2; i += 1) fleet.report({ group: 'chat', id: 'a' }, { ok: false, status: 503 });
    const down = (): boolean => {
      const picked = fleet.pick('chat');
      fleet.report(picked, picked.id === 'a' ? { ok: false, status: 503 } : { ok: true });
      return fleet.state('chat').deployments[0]?.state === 'down';
    };
    await until(down, { ...WITHIN, what: 'the upstream to be down' });
    const up = (): boolean => {
      fleet.report(fleet.pick('chat'), { ok: true });
      return fleet.state('chat').deployments[0]?.state === 'up';
    };
    await until(up, WITHIN);
  });

  it('is found by requests with a body that only looks like a stream', async () => {
    const { a, targets } = await twoUpstreams();
    const fleet = await join({ targets, routing });
    const send = fleet.fetch('chat');
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const headers = { 'content-type': 'application/json' };
    const ask = async (): Promise<Response> =>
      await send(new Request('https://api.openai.com/v1/chat/completions', { method: 'POST', headers, body }));
    a.set('chat', { kind: 'status', status: 503 });
    const down = async (): Promise<boolean> => (await ask()).ok && fleet.state('chat').deployments[0]?.state === 'down';
    await until(down, { ...WITHIN, what: 'the upstream to be down' });
    a.set('chat', { kind: 'ok' });
    await until(async () => (await ask()).ok && fleet.state('chat').deployments[0]?.state === 'up', WITHIN);
  });

  it('is found although Redis is away', async () => {
    const { a, targets } = await twoUpstreams();
    const server = await redis();
    const fleet = await join({ redis: server.address, targets, routing });
    a.set('chat', { kind: 'status', status: 503 });
    const down = async (): Promise<boolean> =>
      (await chat(fleet.fetch('chat'))).ok && fleet.state('chat').deployments[0]?.state === 'down';
    await until(down, { ...WITHIN, what: 'the upstream to be down' });
    server.pause();
    await until(() => fleet.mode === 'fallback', { ...WITHIN, what: 'Redis to be missed' });
    a.set('chat', { kind: 'ok' });
    const before = a.traffic('chat');
    await until(async () => (await chat(fleet.fetch('chat'))).ok && a.traffic('chat') > before, {
      ...WITHIN,
      withinMs: 40_000,
    });
    server.resume();
  });
});

describe('an upstream that is fine', () => {
  it('stays so where the caller sends a key of its own that is refused', async () => {
    const { a } = await twoUpstreams();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: a.apiBase })] } });
    a.set('chat', { kind: 'status', status: 401 });
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const headers = { authorization: 'Bearer revoked' };
    const ask = fleet.fetch('chat');
    for (let i = 0; i < 3; i += 1) {
      expect((await ask(`${a.apiBase}/chat/completions`, { method: 'POST', headers, body })).status).toBe(401);
    }
    expect(fleet.state('chat').routable).toBe(true);
  });

  it('stays so where a request is about something that is missing, not about its model', async () => {
    const upstream = scriptedFetch();
    const missing = {
      status: 404,
      body: { error: { message: 'No batch found with id', type: 'invalid_request_error' } },
    };
    upstream.set('https://api.openai.com/v1/batches', missing);
    const fleet = await join({ fetch: upstream.fetch, targets: { chat: [openai({ apiKey: 'k' })] } });
    for (let i = 0; i < 3; i += 1) expect((await fleet.fetch('chat')('/batches/none')).status).toBe(404);
    expect(fleet.state('chat').routable).toBe(true);
  });

  it('is not called fine by a process that only observes, where its key is refused', async () => {
    const { a, targets } = await twoUpstreams();
    const fleet = await join({ targets, observeOnly: true });
    a.set('chat', { kind: 'status', status: 401 });
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const ask = fleet.fetch('chat');
    for (let i = 0; i < 2; i += 1) await ask(`${a.apiBase}/chat/completions`, { method: 'POST', body });
    expect(fleet.state('chat').deployments[0]?.routable).toBe(false);
  });
});

describe('a request', () => {
  it('of a Request ends when its signal is aborted', async () => {
    const { a, targets } = await twoUpstreams();
    const fleet = await join({ targets: { chat: targets.chat.slice(0, 1) } });
    a.set('chat', { kind: 'hang' });
    const giveUp = new AbortController();
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const headers = { 'content-type': 'application/json' };
    const url = 'https://api.openai.com/v1/chat/completions';
    const asked = fleet.fetch('chat')(new Request(url, { method: 'POST', headers, body, signal: giveUp.signal }));
    await until(() => a.traffic('chat') > 0, { withinMs: 5_000, what: 'the request' });
    giveUp.abort(new Error('gave up'));
    await expect(asked).rejects.toThrow('gave up');
  });

  it('keeps the fields of a Request where the second argument has undefined ones', async () => {
    const upstream = scriptedFetch();
    const fleet = await join({ fetch: upstream.fetch, targets: { chat: [openai({ apiKey: 'k' })] } });
    const given = new Request('https://api.openai.com/v1/models', { headers: { 'x-team': 'checkout' } });
    await fleet.fetch('chat')(given, { headers: undefined } as never);
    expect(upstream.requests()[0]?.headers['x-team']).toBe('checkout');
  });

  it('has the name of the model of its upstream, whatever its body is', async () => {
    const upstream = scriptedFetch();
    const fleet = await join({ fetch: upstream.fetch, targets: { chat: [openai({ apiKey: 'k', model: 'other' })] } });
    const form = new FormData();
    form.set('model', 'chat');
    form.set('file', new File(['abc'], 'a.wav'));
    const send = fleet.fetch('chat');
    await send('/audio/transcriptions', { method: 'POST', body: form });
    await send('/chat/completions', { method: 'POST', body: new TextEncoder().encode('{"model":"chat"}') });
    const [transcription, completion] = upstream.requests();
    expect(transcription?.body).toMatch(/name="model"\r\n\r\nother/);
    expect(transcription?.body).toMatch(/filename="a.wav"/);
    expect(completion?.body).toBe('{"model":"other"}');
  });

  it('of a call that ignores its signal ends after its time', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets, routing: { timeoutMs: 50, retries: 0 } });
    const caught = await fleet.call('chat', async () => await new Promise(() => {})).catch((error: unknown) => error);
    expect(triedOf(caught)).toMatchObject([{ outcome: 'timeout' }]);
  });

  it('may be answered by a fetch whose responses are of a class of its own', async () => {
    class OtherResponse {
      readonly #text: string = '{"ok":true}';
      readonly status = 200;
      readonly headers = new Headers();
      readonly body = new ReadableStream();
      get ok(): boolean {
        return this.#text !== '';
      }
      async json(): Promise<unknown> {
        return await Promise.resolve(JSON.parse(this.#text));
      }
    }
    const other = (async () => await Promise.resolve(new OtherResponse())) as never;
    const fleet = await join({ fetch: other, targets: { chat: [openai({ apiKey: 'k' })] } });
    const response = await chat(fleet.fetch('chat'));
    expect([response.ok, await response.json()]).toEqual([true, { ok: true }]);
  });

  it('has a value of the caller that is left as it is', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets });
    const value = new Proxy({}, { set: () => false });
    expect(await fleet.call('chat', async () => await Promise.resolve(value))).toBe(value);
  });
});
