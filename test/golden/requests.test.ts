import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import type { ProbeTarget } from '../../src/config/index.ts';
import { httpProber } from '../../src/probe/index.ts';
import { genaiPrices } from '../../src/providers/pricing/index.ts';
import { vendorOf, vendors } from '../../src/providers/index.ts';
import { noLogins, realClock } from '../../src/testing/index.ts';
import { createTransport } from '../../src/upstream/index.ts';
import { startRawUpstream } from './raw-upstream.ts';
import type { RawUpstream } from './raw-upstream.ts';

// What a probe puts on the wire, byte for byte, for every vendor, mode and level. After a change that is meant:
// `npx vitest run --project unit test/golden/requests.test.ts -u`, and read the difference.

let upstream: RawUpstream;
beforeAll(async () => {
  upstream = await startRawUpstream();
});
afterAll(() => upstream.close());

const cases: readonly (readonly [title: string, model: string, info: object])[] = [
  ['chat', 'the-model', { mode: 'chat' }],
  ['chat, reasoning', 'gpt-5', { mode: 'chat', health_check_reasoning_effort: 'low' }],
  ['chat, with parameters', 'the-model', { health_check_params: { temperature: 0, max_tokens: 9, stream: true } }],
  ['chat, without a limit', 'the-model', { health_check_supports_max_tokens: false }],
  ['completion', 'the-model', { mode: 'completion' }],
  ['embedding', 'the-model', { mode: 'embedding' }],
  ['responses', 'the-model', { mode: 'responses', health_check_reasoning_effort: 'low' }],
  ['image generation', 'the-model', { mode: 'image_generation' }],
  ['wildcard', '*', {}],
];

it.each(Object.keys(vendors))('the probes of %s are what was agreed', async (prefix) => {
  const texts: string[] = [];
  for (const [title, model, info] of cases) {
    const target = targetOf(prefix, model, info);
    texts.push(`### ${title}\n\n${target === undefined ? 'refused by the configuration' : await probe(target)}\n`);
  }
  await expect(texts.join('\n')).toMatchFileSnapshot(`requests/${prefix}.http`);
});

function targetOf(prefix: string, model: string, model_info: object): ProbeTarget | undefined {
  const { apiBase, wire } = vendorOf(prefix);
  // Where everybody has an address of their own, Azure's is a bare resource.
  const own =
    apiBase ??
    (wire === 'azure'
      ? 'http://resource.example'
      : prefix === 'vertex_ai'
        ? 'http://vendor.example/v1/endpoints/openapi'
        : 'http://vendor.example/v1');
  const api_base = `http://127.0.0.1:${upstream.port}${new URL(own).pathname}`;
  const params = { model: `${prefix}/${model}`, api_base, api_key: 'sk-golden', organization: 'org-golden' };
  const text = JSON.stringify({ model_list: [{ model_name: 'm', litellm_params: params, model_info }] });
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  return loaded.kind === 'loaded' ? loaded.config.targets[0] : undefined;
}

async function probe(target: ProbeTarget): Promise<string> {
  const clock = realClock();
  const transport = createTransport({ clock });
  const random = { next: () => 0, id: () => '' };
  const options = { clock, random, prices: genaiPrices(), transport, logins: noLogins, version: '1.2.3' };
  const signal = new AbortController().signal;
  const { level } = await httpProber({ ...options, targets: () => target }).probe(target.id, target.level, signal);
  await transport.close();
  return upstream.taken().map(readable).join('\n\n') || `(only a connection: level ${level})`;
}

/** Without what differs from run to run, and without line ends that editors would change. */
function readable(request: string): string {
  return request
    .replaceAll(`127.0.0.1:${upstream.port}`, '<host>')
    .replaceAll('sk-golden', '<key>')
    .replaceAll('\r\n', '\n')
    .trimEnd();
}
