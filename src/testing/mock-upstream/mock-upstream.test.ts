import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { remoteMockUpstream, startMockUpstream } from './index.ts';
import type { MockUpstream } from './index.ts';

let upstream: MockUpstream;
beforeEach(async () => {
  upstream = await startMockUpstream({ listed: ['m'] });
});
afterEach(() => upstream.close());

const probeAgent = 'allswell/0.1.0 (health probe)';

function chat(model: string, options: { base?: string; agent?: string; signal?: AbortSignal } = {}): Promise<Response> {
  return fetch(`${options.base ?? upstream.apiBase}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': options.agent ?? probeAgent },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

it('answers every call of both wires, and the list of models', async () => {
  const choices = await (await chat('m')).json();
  expect(choices).toMatchObject({ choices: [{ message: { role: 'assistant' }, finish_reason: 'stop' }] });
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${upstream.apiBase}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const text = await (await post('/completions', { model: 'm', prompt: 'hi' })).json();
  expect(text).toMatchObject({ choices: [{ text: 'All is well.' }] });
  const vector = await (await post('/embeddings', { model: 'm', input: ['hi'] })).json();
  expect(vector).toMatchObject({ data: [{ object: 'embedding' }] });
  const response = await (await post('/responses', { model: 'm', input: 'hi' })).json();
  expect(response).toMatchObject({ status: 'completed', output: [{ type: 'message' }] });
  const message = await (await post('/messages', { model: 'm', max_tokens: 1, messages: [] })).json();
  expect(message).toMatchObject({ type: 'message', content: [{ type: 'text' }], stop_reason: 'end_turn' });
  const listing = await (await fetch(`${upstream.apiBase}/models`)).json();
  expect(listing).toMatchObject({ data: [{ id: 'm' }] });
});

it('understands a call below any base, and nothing that is no call', async () => {
  const base = `${upstream.url}/inference/v1beta/openai`;
  expect((await chat('below', { base })).status).toBe(200);
  expect((await fetch(`${base}/models`)).status).toBe(200);
  expect((await fetch(`${base}/model`)).status).toBe(404);
  expect((await fetch(`${base}/chat`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect(upstream.traffic('below') + upstream.probes('below')).toBe(1);
});

it('rejects a body with the parameter that a model does not take, and no other', async () => {
  upstream.set('m', { kind: 'reject', parameter: 'max_tokens' });
  const rejected = await fetch(`${upstream.apiBase}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [], max_tokens: 16 }),
  });
  expect([rejected.status, await rejected.json()]).toMatchObject([400, { error: { param: 'max_tokens' } }]);
  expect((await chat('m')).status).toBe(200);
});

it('understands the paths of Azure', async () => {
  const path = '/openai/deployments/prod-gpt/chat/completions?api-version=2024-10-21';
  await fetch(`${upstream.url}${path}`, { method: 'POST', body: '{"messages":[]}' });
  expect(upstream.traffic('prod-gpt')).toBe(1);
  expect(upstream.model('prod-gpt').last?.path).toBe(path);
});

it('shows each request as it arrives: its model, its port, and when it is over', async () => {
  const seen: string[] = [];
  const watched = await startMockUpstream({
    extraPorts: [0],
    onRequest: (model, { method }, { port, over }) => {
      seen.push(`${method} ${model} on port ${watched.ports.indexOf(port)}`);
      void over.then(() => seen.push(`${model} is over`));
    },
  });
  watched.set('hangs', { kind: 'hang' });
  await chat('m', { base: `http://127.0.0.1:${watched.ports[1]}/v1` });
  await until(() => seen.length === 2, { withinMs: 2_000, what: 'the end of an answered request' });
  const gaveUp = new AbortController();
  const hanging = chat('hangs', { base: watched.apiBase, signal: gaveUp.signal }).catch(() => undefined);
  await until(() => seen.length === 3, { withinMs: 2_000, what: 'the request that hangs' });
  gaveUp.abort();
  await hanging;
  await until(() => seen.length === 4, { withinMs: 2_000, what: 'the end of the one that was given up' });
  expect(seen).toEqual(['POST m on port 1', 'm is over', 'POST hangs on port 0', 'hangs is over']);
  await watched.close();
});

it('counts probes apart from traffic, by model, with times, ports and the last request', async () => {
  const before = performance.timeOrigin + performance.now();
  await chat('a');
  await chat('a', { agent: 'OpenAI/JS 7' });
  await chat('b', { agent: 'OpenAI/JS 7' });
  const { probes, traffic, last } = upstream.model('a');
  expect([probes.count, traffic.count, upstream.probes('b'), upstream.traffic('b')]).toEqual([1, 1, 0, 1]);
  expect(probes.starts[0]).toBeGreaterThanOrEqual(before);
  expect(probes.ports).toEqual({ [upstream.ports[0]!]: 1 });
  expect(last).toMatchObject({ method: 'POST', headers: { 'user-agent': 'OpenAI/JS 7' }, body: { model: 'a' } });
  upstream.resetCounts();
  expect(upstream.stats()).toMatchObject({ models: {}, connections: 0 });
});

it('shows each request for a model to whoever wants to tell them apart otherwise', async () => {
  const seen: unknown[] = [];
  const watched = await startMockUpstream({ onRequest: (model, { body }) => void seen.push([model, body]) });
  await chat('m', { base: watched.apiBase });
  await fetch(`${watched.apiBase}/models`);
  await watched.close();
  expect(seen).toEqual([['m', { model: 'm', messages: [{ role: 'user', content: 'hi' }] }]]);
});

it('shows how many probes of a model are in flight, and the most there ever were', async () => {
  upstream.set('m', { kind: 'hang' });
  const stop = new AbortController();
  const calls = [chat('m', stop), chat('m', stop)];
  await until(() => upstream.model('m').probes.inFlight === 2, { withinMs: 2_000, what: 'two probes in flight' });
  stop.abort();
  await Promise.allSettled(calls);
  await until(() => upstream.model('m').probes.inFlight === 0, { withinMs: 2_000, what: 'both given up' });
  expect(upstream.model('m').probes).toMatchObject({ maxInFlight: 2, count: 2 });
});

describe('behaviours', () => {
  it('answers with a status, a body and headers of choice', async () => {
    upstream.set('m', { kind: 'status', status: 429, body: { error: 'x' }, headers: { 'retry-after': '7' } });
    const response = await chat('m');
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      429,
      '7',
      { error: 'x' },
    ]);
  });

  it('resets, and sends what is no JSON, nothing, or too much', async () => {
    upstream.set('m', { kind: 'reset' });
    await expect(chat('m')).rejects.toThrow('fetch failed');
    upstream.set('m', { kind: 'malformed' });
    expect(await (await chat('m')).text()).toContain('<html>');
    upstream.set('m', { kind: 'empty' });
    expect(await (await chat('m')).json()).toMatchObject({ choices: [] });
    upstream.set('m', { kind: 'oversized', bytes: 300_000 });
    expect((await (await chat('m')).text()).length).toBeGreaterThanOrEqual(300_000);
  });

  it('stops in the middle of a body, or drips it', async () => {
    for (const kind of ['stall', 'drip'] as const) {
      upstream.set('m', kind === 'drip' ? { kind, everyMs: 5 } : { kind });
      const response = await chat('m', { signal: AbortSignal.timeout(150) });
      expect(response.status).toBe(200);
      await expect(response.text()).rejects.toThrow('aborted due to timeout');
    }
  });

  it('holds requests until the model behaves in another way, and forgets those that were given up', async () => {
    upstream.set('m', { kind: 'hold' });
    const stop = new AbortController();
    const [held, given] = [chat('m'), chat('m', stop)];
    await until(() => upstream.model('m').probes.inFlight === 2, { withinMs: 2_000, what: 'two probes in flight' });
    stop.abort();
    await expect(given).rejects.toThrow('aborted');
    await until(() => upstream.model('m').probes.inFlight === 1, { withinMs: 2_000, what: 'one given up' });
    upstream.set('other', { kind: 'ok' });
    expect(upstream.model('m').probes.inFlight).toBe(1);
    upstream.set('m', { kind: 'status', status: 503 });
    expect((await held).status).toBe(503);
  });

  it('uses the one for all where a model has none of its own', async () => {
    upstream.set('*', { kind: 'status', status: 500 });
    upstream.set('m', { kind: 'slow', ms: 30 });
    expect([(await chat('other')).status, (await chat('m')).status]).toEqual([500, 200]);
    expect(upstream.model('m').probes.ends[0]! - upstream.model('m').probes.starts[0]!).toBeGreaterThan(25);
  });
});

describe('faults of one port', () => {
  it.each(['refuse', 'drop'] as const)('%s fails its callers only, and heals', async (fault) => {
    const second = await upstream.openPort(0);
    const base = `http://127.0.0.1:${second}/v1`;
    expect((await chat('m', { base })).status).toBe(200);
    await upstream.setFault(second, fault);
    await expect(chat('m', { base })).rejects.toThrow('fetch failed');
    expect((await chat('m')).status).toBe(200);
    await upstream.setFault(second, 'none');
    expect((await chat('m', { base })).status).toBe(200);
  });

  it('hang stays silent without counting a request', async () => {
    await upstream.setFault('all', 'hang');
    await expect(chat('m', { signal: AbortSignal.timeout(100) })).rejects.toThrow('aborted due to timeout');
    expect(upstream.probes('m')).toBe(0);
  });
});

describe('in another process', () => {
  it('obeys over its control port while it refuses everybody, and stops on SIGTERM', async () => {
    const child = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname, '--models', 'x,y'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const { apiBase, controlUrl, ports } = JSON.parse(line);
      const remote = remoteMockUpstream(controlUrl);
      await remote.set('x', { kind: 'status', status: 503 });
      expect((await chat('x', { base: apiBase })).status).toBe(503);
      await remote.setFault('all', 'refuse');
      await expect(chat('x', { base: apiBase })).rejects.toThrow('fetch failed');
      await remote.setFault(ports[0], 'none');
      expect(await (await fetch(`${apiBase}/models`)).json()).toMatchObject({ data: [{ id: 'x' }, { id: 'y' }] });
      expect((await remote.stats()).models['x']?.probes.count).toBe(1);
      expect(await remote.openPort(0)).not.toBe(ports[0]);
      await remote.resetCounts();
      expect((await remote.stats()).models).toEqual({});
      await expect(remote.setFault(1, 'drop')).rejects.toThrow('no port 1');
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
