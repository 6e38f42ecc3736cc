import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import { startMockUpstream, until } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { readPage } from './markdown.ts';

const shown = readPage('docs/reference/endpoints.md').blocks.filter(({ note }) => note.startsWith('answer: '));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let upstream: MockUpstream;
let pod: RunningServer;

beforeAll(async () => {
  upstream = await startMockUpstream();
  upstream.set('broken', { kind: 'status', status: 500 });
  const entry = (name: string, model: string): string =>
    `- { model_name: ${name}, litellm_params: { model: openai/${model}, api_base: '${upstream.apiBase}', api_key: sk-u } }`;
  const text = `
model_list:
  ${entry('fast', 'gpt-4o-mini')}
  ${entry('careful', 'broken')}
general_settings: { master_key: sk-docs, background_health_checks: true, use_shared_health_check: true }
litellm_settings: { cache: true, cache_params: { type: redis, host: not-used } }
`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error('the configuration of this test was refused');
  const store = memoryFleet({ clockUs: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) }).open();
  pod = await startServer(loaded.config, { host: '127.0.0.1', port: 0, createLogger: () => quiet, store });
  await until(async () => /"healthy_count":1,"unhealthy_count":1/.test(await get('/health')), {
    withinMs: 20_000,
    what: 'one healthy and one unhealthy model',
  });
  await leaveBeforeAnswer('fast', 'gpt-4o-mini');
  await until(async () => (await get('/fleet')).includes('"at_least_seconds"'), {
    withinMs: 10_000,
    what: 'the second heartbeat, the first with a lag',
  });
});

afterAll(async () => {
  await pod.stop();
  await upstream.close();
});

it('shows answers of eight endpoints', () => {
  expect(shown).toHaveLength(8);
});

it.each(shown)('shows the keys that a pod answers with, in their order: $note', async ({ note, text }) => {
  const real: unknown = JSON.parse(await get(note.slice('answer: '.length)));
  expect(keysOf(JSON.parse(text))).toEqual(keysOf(real));
});

/** So that `/fleet` has a group and a deployment to show. */
async function leaveBeforeAnswer(group: string, model: string): Promise<void> {
  upstream.set(model, { kind: 'hang' });
  const leave = new AbortController();
  const asked = fetch(`http://127.0.0.1:${pod.port}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-docs', 'content-type': 'application/json' },
    body: JSON.stringify({ model: group, messages: [{ role: 'user', content: 'hi' }] }),
    signal: leave.signal,
  });
  await until(() => upstream.traffic(model) === 1, { withinMs: 10_000, what: 'the request at the upstream' });
  leave.abort();
  await expect(asked).rejects.toThrow(/abort/i);
  await until(async () => (await get('/fleet')).includes('"requests":1,'), { withinMs: 10_000, what: 'its end' });
}

async function get(path: string): Promise<string> {
  const headers = { authorization: 'Bearer sk-docs' };
  return await (await fetch(`http://127.0.0.1:${pod.port}${path}`, { headers })).text();
}

/** Every key by its path, the first item standing for a list. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : keysOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}.${key}`, ...keysOf(inner, `${path}.${key}`)]);
}
