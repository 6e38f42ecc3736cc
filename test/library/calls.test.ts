import { describe, expect, it } from 'vitest';
import { azure, http, joinFleet, openai, triedOf, vendor } from '../../src/library/index.ts';
import type { JoinOptions } from '../../src/library/index.ts';
import { until } from '../../src/testing/index.ts';
import { chat, join, twoUpstreams } from './stand.ts';

const two = {
  tools: [http({ id: 'one', url: 'http://127.0.0.1:1/one' }), http({ id: 'two', url: 'http://127.0.0.1:1/two' })],
};

describe('any call', () => {
  it('goes to another upstream where one throws', async () => {
    const fleet = await join({ targets: two });
    const used: string[] = [];
    const make = async ({ id, url }: { id: string; url: string }): Promise<string> => {
      used.push(id);
      if (used.length === 1) throw Object.assign(new Error('refused'), { status: 503 });
      return url;
    };
    const url = await fleet.call('tools', make);
    expect(new Set(used)).toEqual(new Set(['one', 'two']));
    expect(url).toBe(`http://127.0.0.1:1/${used[1]}`);
  });

  it('is not repeated for what the caller did, and throws its own error', async () => {
    const fleet = await join({ targets: two });
    const mine = Object.assign(new Error('wrong arguments'), { statusCode: 400 });
    let calls = 0;
    const caught = await fleet
      .call('tools', async () => {
        calls += 1;
        throw mine;
      })
      .catch((error: unknown) => error);
    expect(caught).toBe(mine);
    expect(calls).toBe(1);
    expect(triedOf(mine)).toMatchObject([{ outcome: 'caller-fault', status: 400, group: 'tools' }]);
    expect(fleet.state('tools').deployments.every(({ routable }) => routable)).toBe(true);
  });

  it('proves nothing about the upstream where it throws an error of its own', async () => {
    const fleet = await join({ targets: two });
    let calls = 0;
    const bug = async (): Promise<never> => {
      calls += 1;
      return await Promise.reject(new SyntaxError('a bug'));
    };
    for (let i = 0; i < 3; i += 1) await expect(fleet.call('tools', bug)).rejects.toThrow('a bug');
    expect(calls).toBe(3);
    expect(fleet.state('tools').deployments.every(({ routable }) => routable)).toBe(true);
  });

  it('goes elsewhere where the network fails, also as the cause of the error of an SDK', async () => {
    const fleet = await join({ targets: two });
    const wrapped = new Error('Connection error.', {
      cause: new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }),
    });
    const used: string[] = [];
    await fleet.call('tools', async ({ id }) => {
      used.push(id);
      if (used.length === 1) throw wrapped;
      return await Promise.resolve();
    });
    expect(new Set(used).size).toBe(2);
  });

  it('of a plain HTTP API fails by 408, 429 and 5xx only', async () => {
    const fleet = await join({ targets: two });
    for (const status of [401, 404, 409]) {
      const refused = Object.assign(new Error('refused'), { status });
      await expect(fleet.call('tools', async () => await Promise.reject(refused))).rejects.toThrow('refused');
      expect(triedOf(refused)).toMatchObject([{ outcome: 'caller-fault', status }]);
    }
  });

  it('is cut after its time', async () => {
    const fleet = await join({ targets: two, routing: { timeoutMs: 50, retries: 1 } });
    const hang = async ({ signal }: { signal: AbortSignal }): Promise<never> =>
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const caught = await fleet.call('tools', hang).catch((error: unknown) => error);
    expect(triedOf(caught).map(({ outcome }) => outcome)).toEqual(['timeout', 'timeout']);
  });
});

describe('pick and report', () => {
  it('avoid an upstream whose calls fail, at once', async () => {
    const fleet = await join({ targets: two });
    const first = fleet.pick('tools');
    for (let i = 0; i < 2; i += 1) fleet.report(first, { ok: false, status: 503, durationMs: 20 });
    for (let i = 0; i < 20; i += 1) expect(fleet.pick('tools').id).not.toBe(first.id);
    expect(fleet.explain('tools')).toMatch(/requests (?:of this process fail|failed)/);
  });

  it('take an old report for no result of a test that began later', { timeout: 60_000 }, async () => {
    const fleet = await join({ targets: two, routing: { trialIntervalMs: 1_000 } });
    const tools = { group: 'tools', id: 'one' };
    const state = (): string | undefined => fleet.state('tools').deployments[0]?.state;
    const failed = async (): Promise<boolean> => {
      fleet.report(tools, { ok: false, status: 503 });
      return await Promise.resolve(state() === 'down');
    };
    await until(failed, { withinMs: 20_000, what: 'the upstream to be down' });
    const test = (): boolean => {
      const picked = fleet.pick('tools');
      if (picked.id === 'one' && picked.why === 'trial') return true;
      fleet.report(picked, { ok: picked.id !== 'one' });
      return false;
    };
    await until(test, { withinMs: 20_000, what: 'a pick that is a test', everyMs: 5 });
    const states: string[] = [];
    fleet.on('change', (change) => void states.push(change.state));
    // This request began while the upstream was still well.
    fleet.report(tools, { ok: true, durationMs: 60_000 });
    fleet.report(tools, { ok: false, status: 503 });
    // The next test begins after the result of this one.
    await until(test, { withinMs: 20_000, what: 'the next test', everyMs: 5 });
    expect(states).not.toContain('up');
    fleet.report(tools, { ok: true });
    await until(() => state() === 'up', { withinMs: 10_000, what: 'the result of the test' });
  });

  it('give address, model and headers of the upstream', async () => {
    const fleet = await join({
      targets: { chat: [azure({ endpoint: 'https://r.openai.azure.com', deployment: 'prod', apiKey: 'its-key' })] },
    });
    expect(fleet.pick('chat')).toMatchObject({
      id: 'azure/prod',
      url: 'https://r.openai.azure.com',
      model: 'prod',
      headers: { 'api-key': 'its-key' },
      why: 'first',
    });
  });
});

describe('a fleet that only observes', () => {
  it('sends each request where the caller wanted, and tells what it would have done', async () => {
    const { a, b, targets } = await twoUpstreams();
    const fleet = await join({ targets, observeOnly: true });
    const advice: string[] = [];
    fleet.on('advice', ({ used, better }) => advice.push(`${used} → ${better}`));
    const send = fleet.fetch('chat');
    const body = JSON.stringify({ model: 'chat', messages: [] });
    const ask = async (): Promise<number> =>
      (await send(`${a.apiBase}/chat/completions`, { method: 'POST', body })).status;
    expect(await ask()).toBe(200);
    expect(advice).toEqual([]);
    a.set('chat', { kind: 'status', status: 500 });
    for (let i = 0; i < 4; i += 1) expect(await ask()).toBe(500);
    expect(b.traffic('chat')).toBe(0);
    expect(advice).toContain('a → b');
  });
});

describe('probes', () => {
  it('are sent only where they were asked for', async () => {
    const { a, b, targets } = await twoUpstreams();
    const quiet = await join({ targets });
    const probing = await join({ targets, probe: { intervalMs: 1_000, level: 'inference' } });
    await until(() => probing.state('chat').deployments.every(({ state }) => state === 'up'), {
      withinMs: 10_000,
      what: 'verdicts by probes',
    });
    expect(quiet.state('chat').state).toBe('unknown');
    expect(a.probes('chat')).toBeGreaterThan(0);
    expect(a.traffic('chat') + b.traffic('chat')).toBe(0);
  });

  it('find an upstream down that nobody uses', async () => {
    const { a, targets } = await twoUpstreams();
    a.set('chat', { kind: 'status', status: 500 });
    const fleet = await join({ targets, probe: { intervalMs: 1_000, level: 'inference' } });
    await until(() => fleet.state('chat').deployments[0]?.state === 'down', { withinMs: 10_000, what: 'down' });
    expect((await chat(fleet.fetch('chat'))).status).toBe(200);
    expect(a.traffic('chat')).toBe(0);
  });
});

describe('options that cannot work', () => {
  it.each([
    ['no upstream', { targets: { chat: [] } }, 'group "chat" has no upstreams'],
    ['twice the same name', { targets: { chat: [openai(), openai()] } }, 'give each an id'],
    ['two APIs', { targets: { chat: [openai(), http({ url: 'https://x.example' })] } }, 'of different APIs'],
    ['a Redis that is none', { targets: { chat: [openai()] }, redis: 'http://secret@h' }, 'redis must be a URL'],
    ['a name that is none', { targets: { chat: [openai()] }, fleet: 'a b' }, 'use 1 to 64 letters'],
    [
      'too many trials',
      { targets: { chat: [openai()] }, routing: { trialIntervalMs: 1 } },
      'routing.trialIntervalMs is 1: use at least 1000',
    ],
    [
      'a fallback that is missing',
      { targets: { chat: [openai()] }, routing: { fallbacks: { chat: ['no'] } } },
      'there is no group "no"',
    ],
  ])('are refused: %s', async (_, options, message) => {
    const error: unknown = await joinFleet(options as JoinOptions).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('secret');
  });

  it.each([
    ['an address that is none', () => openai({ baseUrl: 'ftp://x' }), 'http:// or https://'],
    ['a password in it', () => openai({ baseUrl: 'https://u:secret@h/v1' }), 'has a user'],
    ['a vendor without an address', () => vendor('hosted_vllm', {}), 'give baseUrl'],
  ])('are refused where they are made: %s', (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).not.toThrow('secret');
  });

  it('have no group of that name', async () => {
    const fleet = await join({ targets: two });
    // @ts-expect-error -- the type knows the groups
    expect(() => fleet.state('other')).toThrow('there is no group "other"');
  });
});
