import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import type { ProbeTarget } from '../../src/config/index.ts';
import type { Level } from '../../src/health/index.ts';
import type { ProbeResult } from '../../src/ports/index.ts';
import { genaiPrices } from '../../src/providers/pricing/index.ts';
import { httpProber } from '../../src/probe/index.ts';
import { vendors } from '../../src/providers/index.ts';
import type { Vendor } from '../../src/providers/index.ts';
import { noLogins, realClock, startMockUpstream } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { createTransport } from '../../src/upstream/index.ts';

// What docs/how-to/add-a-provider.md promises: a row of the table and nothing else.

const table = vendors as Record<string, Vendor>;
let upstream: MockUpstream;
beforeEach(async () => {
  upstream = await startMockUpstream({ listed: ['new-chat'] });
  table['newcomer'] = { apiBase: `${upstream.url}/api/v3`, prices: 'groq' };
});
afterEach(async () => {
  delete table['newcomer'];
  await upstream.close();
});

it('a row makes a vendor known: its address, the variable of its key, its calls, its list and its prices', async () => {
  const chat = targetOf('newcomer/llama-3.3-70b-versatile');
  const answered = await probe(chat, 'inference');
  expect(answered).toMatchObject({ outcome: { kind: 'ok' }, level: 'inference', inputTokens: 12, outputTokens: 5 });
  expect(answered.costUsd).toBeGreaterThan(0);
  expect(upstream.model('llama-3.3-70b-versatile').last).toMatchObject({
    path: '/api/v3/chat/completions',
    headers: { authorization: 'Bearer sk-newcomer' },
  });
  for (const mode of ['completion', 'embedding', 'responses']) {
    expect((await probe(targetOf('newcomer/m', mode), 'inference')).outcome).toEqual({ kind: 'ok' });
  }
  expect((await probe(targetOf('newcomer/new-chat'), 'models')).outcome).toEqual({ kind: 'ok' });
  expect((await probe(targetOf('newcomer/gone'), 'models')).outcome).toMatchObject({
    failure: { class: 'not-found' },
  });
});

it('without its row it is called all the same where an address is written, and its prices are unknown', async () => {
  delete table['newcomer'];
  expect(loadConfig({ text: listOf('newcomer/m', 'chat'), env, readFile: () => '' })).toMatchObject({
    config: { targets: [], unprobed: [{ why: expect.stringContaining('allswell knows no address of the provider') }] },
  });
  const result = await probe(targetOf('newcomer/llama-3.3-70b-versatile', 'chat', upstream.apiBase), 'inference');
  expect(result.outcome).toEqual({ kind: 'ok' });
  expect(result).not.toHaveProperty('costUsd');
});

const env = { NEWCOMER_API_KEY: 'sk-newcomer' };

function listOf(model: string, mode: string, api_base?: string): string {
  const litellm_params = { model, ...(api_base !== undefined && { api_base }) };
  return JSON.stringify({ model_list: [{ model_name: 'm', litellm_params, model_info: { mode } }] });
}

function targetOf(model: string, mode = 'chat', api_base?: string): ProbeTarget {
  const loaded = loadConfig({ text: listOf(model, mode, api_base), env, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  return loaded.config.targets[0]!;
}

async function probe(target: ProbeTarget, level: Level): Promise<ProbeResult> {
  const clock = realClock();
  const transport = createTransport({ clock });
  const random = { next: () => 0, id: () => '' };
  const options = { clock, random, prices: genaiPrices(), transport, logins: noLogins, version: '1.2.3' };
  const signal = new AbortController().signal;
  const result = await httpProber({ ...options, targets: () => target }).probe(target.id, level, signal);
  await transport.close();
  return result;
}
