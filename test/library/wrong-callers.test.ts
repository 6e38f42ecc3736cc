import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { joinFleet, openai } from '../../src/library/index.ts';
import type { LibraryUpstream } from '../../src/library/index.ts';
import { until } from '../../src/testing/index.ts';
import { chat, eventServer, join, twoUpstreams } from './stand.ts';

// What one caller does wrong, again and again, harms neither the others nor the fleet.

const bodyOf = (model: string): string => JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });

describe('a request', () => {
  it('for a model that only its caller asks for, and that does not exist, says nothing about the upstream', async () => {
    const { a, b } = await twoUpstreams();
    const chatTargets = [a, b].map(({ apiBase }, at) => openai({ id: String(at), baseUrl: apiBase, apiKey: 'k' }));
    const fleet = await join({ targets: { chat: chatTargets } });
    const missing = { kind: 'status', status: 404, body: { error: { code: 'model_not_found' } } } as const;
    for (const one of [a, b]) one.set('typo', missing);
    for (let i = 0; i < 6; i += 1) expect((await chat(fleet.fetch('chat'), { body: bodyOf('typo') })).status).toBe(404);
    expect(fleet.state('chat').deployments.map(({ routable }) => routable)).toEqual([true, true]);
    for (const one of [a, b]) one.set('chat', missing);
    await chat(fleet.fetch('chat'), { body: bodyOf('chat') });
    expect(fleet.state('chat').deployments.some(({ routable }) => !routable)).toBe(true);
  });

  it('with a key of its caller whose quota is spent says nothing about the upstream', async () => {
    const { a } = await twoUpstreams();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: a.apiBase })] } });
    const error = { error: { code: 'insufficient_quota', type: 'insufficient_quota' } };
    a.set('chat', { kind: 'status', status: 429, body: error });
    const send = fleet.fetch('chat');
    for (let i = 0; i < 4; i += 1) {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer of-a-tenant' };
      const answer = await send(`${a.apiBase}/chat/completions`, { method: 'POST', headers, body: bodyOf('chat') });
      expect(answer.status).toBe(429);
    }
    expect(fleet.state('chat').routable).toBe(true);
  });

  it('that is given up after the head of its answer is no success, and three have a line', async () => {
    const server = await eventServer();
    const lines: string[] = [];
    const warn = (line: string): void => void lines.push(line);
    const logger = { debug: () => {}, info: () => {}, warn, error: () => {} };
    const fleet = await join({ logger, targets: { chat: [openai({ baseUrl: `${server.url}/v1`, apiKey: 'k' })] } });
    for (let i = 0; i < 3; i += 1) {
      const answer = await chat(fleet.fetch('chat'), { signal: AbortSignal.timeout(1_100) });
      await expect(answer.text()).rejects.toThrow('timeout');
    }
    expect(fleet.state('chat').state).toBe('unknown');
    expect(lines.filter((line) => line.includes('3 requests in a row were given up'))).toHaveLength(1);
  });
});

describe('a call', () => {
  it("that ends by a time limit of the caller's client is a timeout", async () => {
    const { a, targets } = await twoUpstreams();
    const fleet = await join({ targets: { chat: targets.chat.slice(0, 1) }, routing: { retries: 0 } });
    a.set('chat', { kind: 'hang' });
    const limit = (): AbortSignal => AbortSignal.timeout(1_050);
    const hangs = fleet.call('chat', async ({ url }) => {
      return await fetch(`${url}/chat/completions`, { method: 'POST', body: bodyOf('chat'), signal: limit() });
    });
    await expect(hangs).rejects.toThrow('timeout');
    // Node's own functions reject with an AbortError, whose cause is the time limit.
    const waits = fleet.call('chat', async () => await once(new EventTarget(), 'never', { signal: limit() }));
    await expect(waits).rejects.toThrow('aborted');
    expect(fleet.explain('chat')).toContain('timeout');
  });

  it('leaves nothing on a signal that lives for long', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets });
    const { signal } = new AbortController();
    let removed = 0;
    for (let i = 0; i < 20; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await fleet.call(
        'chat',
        async (target) => {
          const remove = target.signal.removeEventListener.bind(target.signal);
          target.signal.removeEventListener = (...more: Parameters<typeof remove>) => {
            removed += 1;
            remove(...more);
          };
          return await Promise.resolve(1);
        },
        { signal },
      );
    }
    expect(removed).toBe(20);
  });
});

describe('a report', () => {
  it.each([
    { ok: true, firstByteMs: Number.NaN },
    { ok: true, durationMs: -1 },
    { ok: false, durationMs: '3' },
    { ok: false, status: '500' },
    { ok: false, status: 99 },
    { ok: false, class: 'bogus' },
    { ok: false, retryAfterMs: Infinity },
  ])('that no process could read is refused: %j', async (outcome) => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ targets });
    expect(() => fleet.report({ group: 'chat', id: 'a' }, outcome as never)).toThrow(TypeError);
  });
});

describe('options', () => {
  const upstream = openai({ baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'k' });
  const targets = { chat: [upstream] };
  const other = (more: object): LibraryUpstream => ({ ...upstream, id: 'other', ...more });

  it.each([
    [{ targets: { chat: [other({ weight: -1 })] } }, 'weight -1'],
    [{ targets: { chat: [other({ weight: '3' })] } }, 'weight "3"'],
    [{ targets: { chat: [other({ order: Number.NaN })] } }, 'order NaN'],
    [{ targets: { chat: [upstream, other({ order: 2 })] } }, 'with and without an order'],
    [{ targets, joinTimeoutMs: Number.NaN }, 'joinTimeoutMs is NaN'],
    [{ targets, probe: { maxPerHour: Number.NaN } }, 'probe.maxPerHour is NaN'],
    [{ targets, probe: { interval: 3 } }, 'probe.interval is no option'],
    [{ targets, routing: { timeOutMs: 3 } }, 'routing.timeOutMs is no option'],
  ])('that cannot work are refused: %j', async (options, problem) => {
    await expect(joinFleet(options as never)).rejects.toThrow(problem);
  });
});

it('a logger that throws ends neither a request nor the process', async () => {
  const { a, targets } = await twoUpstreams();
  const fail = (): never => {
    throw new Error('logger closed');
  };
  const fleet = await join({ targets, logger: { debug: fail, info: fail, warn: fail, error: fail } });
  a.set('chat', { kind: 'status', status: 500 });
  for (let i = 0; i < 6; i += 1) expect((await chat(fleet.fetch('chat'))).status).toBe(200);
});

it('with observeOnly, pick always names the first upstream', async () => {
  const { a, targets } = await twoUpstreams();
  const fleet = await join({ targets, observeOnly: true });
  a.set('chat', { kind: 'status', status: 500 });
  for (let i = 0; i < 3; i += 1) fleet.report({ group: 'chat', id: 'a' }, { ok: false, status: 500 });
  await until(() => !fleet.state('chat').deployments[0]!.routable, {
    withinMs: 5_000,
    what: 'the first to be avoided',
  });
  for (let i = 0; i < 5; i += 1) expect(fleet.pick('chat').id).toBe('a');
});

it('states of a fleet that was left are stale', async () => {
  const { targets } = await twoUpstreams();
  const fleet = await join({ targets });
  await chat(fleet.fetch('chat'));
  await fleet.leave();
  expect(fleet.state('chat')).toMatchObject({ stale: true, why: 'this process has left the fleet' });
});
