import { describe, expect, it } from 'vitest';
import { openai } from '../../src/library/index.ts';
import { until } from '../../src/testing/index.ts';
import { chat, join, redis, twoUpstreams } from './stand.ts';

// What a person on call reads while something is wrong: it must be true.

const routing = { trialIntervalMs: 1_000 };
const WITHIN = { withinMs: 20_000, everyMs: 20 };

describe('without Redis', { timeout: 60_000 }, () => {
  it('an outage of all upstreams is down, by the evidence of this process, and ends as it ends', async () => {
    const { a, b, targets } = await twoUpstreams();
    const server = await redis();
    const fleet = await join({ redis: server.address, targets, routing });
    const ask = async (): Promise<boolean> => (await chat(fleet.fetch('chat'))).ok;
    for (let i = 0; i < 6; i += 1) await ask();
    await server.stop();
    await until(() => fleet.mode === 'fallback', { ...WITHIN, what: 'Redis to be missed' });
    for (const one of [a, b]) one.set('chat', { kind: 'status', status: 500 });
    const states = (): string[] => fleet.state('chat').deployments.map(({ state }) => state);
    const askUntil = async (state: string): Promise<void> => {
      const all = async (): Promise<boolean> => (await ask(), states().every((one) => one === state));
      await until(all, { ...WITHIN, what: `${state} everywhere` });
    };
    await askUntil('down');
    expect(fleet.state('chat')).toMatchObject({ state: 'down', routable: false });
    expect(fleet.explain('chat')).toMatch(/^chat: down \(this process only; Redis is unavailable\), 0 of 2/);
    expect(fleet.explain('chat')).not.toContain('fleet says');
    for (const one of [a, b]) one.set('chat', { kind: 'ok' });
    await askUntil('up');
  });

  it('an outage of the only upstream of a group is down', async () => {
    const { a } = await twoUpstreams();
    const server = await redis();
    const targets = { chat: [openai({ baseUrl: a.apiBase, apiKey: 'k' })] };
    const fleet = await join({ redis: server.address, targets, routing });
    await server.stop();
    await until(() => fleet.mode === 'fallback', { ...WITHIN, what: 'Redis to be missed' });
    a.set('chat', { kind: 'status', status: 500 });
    const down = async (): Promise<boolean> => {
      await chat(fleet.fetch('chat'));
      return fleet.state('chat').state === 'down';
    };
    await until(down, { ...WITHIN, what: 'down' });
    a.set('chat', { kind: 'ok' });
    const up = async (): Promise<boolean> => (await chat(fleet.fetch('chat'))).ok && fleet.state('chat').state === 'up';
    await until(up, { ...WITHIN, what: 'up' });
  });

  it('requests that succeed are up although Redis was never reached', async () => {
    const { targets } = await twoUpstreams();
    const fleet = await join({ redis: 'redis://127.0.0.1:1', targets, joinTimeoutMs: 100 });
    const up = async (): Promise<boolean> => {
      await chat(fleet.fetch('chat'));
      return fleet.state('chat').deployments.every(({ state }) => state === 'up');
    };
    await until(up, { ...WITHIN, what: 'up everywhere' });
  });

  it('a process that was given no Redis knows an outage of its only upstream', async () => {
    const { a } = await twoUpstreams();
    const fleet = await join({ targets: { chat: [openai({ baseUrl: a.apiBase, apiKey: 'k' })] }, routing });
    a.set('chat', { kind: 'status', status: 500 });
    const down = async (): Promise<boolean> => {
      await chat(fleet.fetch('chat'));
      return fleet.state('chat').state === 'down';
    };
    await until(down, { ...WITHIN, what: 'down' });
    a.set('chat', { kind: 'ok' });
    const up = async (): Promise<boolean> => (await chat(fleet.fetch('chat'))).ok && fleet.state('chat').state === 'up';
    await until(up, { ...WITHIN, what: 'up' });
  });
});
