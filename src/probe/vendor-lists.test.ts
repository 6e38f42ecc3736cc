import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../config/index.ts';
import { vendorOf, vendors } from '../providers/index.ts';
import { exampleTarget, noLogins, realClock, startMockUpstream } from '../testing/index.ts';
import type { MockUpstream } from '../testing/index.ts';
import { createTransport } from '../upstream/index.ts';
import type { Transport } from '../upstream/index.ts';
import { httpProber } from './index.ts';

// The lists of models as the vendors document them, with the fields that are near the names and must not be taken for
// them. Looked at over real HTTP, once for a model that can be called, once for one that cannot.

interface ListCase {
  readonly body: unknown;
  /** Models that can be called. */
  readonly callable: readonly string[];
}

/** OpenAI's form. */
const list = (...data: readonly object[]): unknown => ({ object: 'list', data });
const model = (id: string, more: object = {}): object => ({ id, object: 'model', created: 1_738_368_000, ...more });

const openAis: ListCase = {
  body: list(model('gpt-4o', { owned_by: 'system' }), model('o3-mini')),
  callable: ['gpt-4o', 'o3-mini'],
};

const cases: Readonly<Record<string, ListCase>> = {
  openai: openAis,
  'text-completion-openai': openAis,
  openai_like: openAis,
  azure: {
    // Base models; deployments have names of their own.
    body: list(
      {
        status: 'succeeded',
        capabilities: { fine_tune: false, inference: true, chat_completion: true },
        lifecycle_status: 'generally-available',
        deprecation: { inference: 1_772_323_200 },
        id: 'gpt-4o-2024-11-20',
        created_at: 1_732_060_800,
        object: 'model',
      },
      { status: 'succeeded', model: 'gpt-4o', fine_tune: 'ft-1', id: 'gpt-4o.ft-1', object: 'model' },
    ),
    callable: ['gpt-4o-2024-11-20', 'our-deployment'],
  },
  anthropic: {
    body: {
      data: [
        { type: 'model', id: 'claude-sonnet-4-5-20250929', display_name: 'S', created_at: '2025-09-29T00:00:00Z' },
      ],
      first_id: 'claude-sonnet-4-5-20250929',
      last_id: 'claude-sonnet-4-5-20250929',
      has_more: false,
    },
    callable: ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
  },
  gemini: { body: list(model('models/gemini-2.5-flash', { owned_by: 'google' })), callable: ['gemini-2.5-flash'] },
  mistral: {
    body: list(
      model('mistral-large-2411', {
        name: 'mistral-large-2411',
        aliases: ['mistral-large-latest'],
        capabilities: { completion_chat: true, fine_tuning: false },
        default_model_temperature: null,
      }),
    ),
    callable: ['mistral-large-2411', 'mistral-large-latest'],
  },
  cohere: {
    body: {
      models: [{ name: 'command-a-03-2025', endpoints: ['chat'], finetuned: false, default_endpoints: [] }],
      next_page_token: '',
    },
    callable: ['command-a-03-2025'],
  },
  groq: {
    body: list(model('llama-3.3-70b-versatile', { owned_by: 'Meta', active: true, public_apps: null })),
    callable: ['llama-3.3-70b-versatile'],
  },
  deepseek: {
    body: list({ id: 'deepseek-chat', object: 'model', owned_by: 'deepseek' }),
    callable: ['deepseek-chat'],
  },
  together_ai: {
    body: [
      model('meta-llama/Llama-3.3-70B-Instruct-Turbo', {
        type: 'chat',
        display_name: 'Llama',
        organization: 'Meta',
        pricing: { input: 0.88, output: 0.88 },
      }),
    ],
    callable: ['meta-llama/Llama-3.3-70B-Instruct-Turbo', 'us/our-endpoint'],
  },
  fireworks_ai: {
    body: list(
      model('accounts/fireworks/models/llama-v3p3-70b-instruct', {
        owned_by: 'fireworks',
        kind: 'HF_BASE_MODEL',
        supports_chat: true,
      }),
    ),
    callable: ['accounts/fireworks/models/llama-v3p3-70b-instruct', 'accounts/us/deployedModels/ours'],
  },
  openrouter: {
    body: { data: [{ id: 'openai/gpt-4o', canonical_slug: 'openai/gpt-4o', name: 'OpenAI: GPT-4o', pricing: {} }] },
    callable: ['openai/gpt-4o', 'openai/gpt-4o:nitro'],
  },
  xai: {
    // Answers from before June 2026 have no aliases.
    body: list(model('grok-4-0709', { owned_by: 'xai' })),
    callable: ['grok-4-0709', 'grok-4'],
  },
  nvidia_nim: {
    body: list(model('meta/llama-3.1-8b-instruct', { owned_by: 'meta' })),
    callable: ['meta/llama-3.1-8b-instruct'],
  },
  hosted_vllm: {
    body: list(
      model('served', { root: '/models/llama', parent: null, max_model_len: 8192, permission: [{ id: 'p' }] }),
    ),
    callable: ['served'],
  },
  ollama: { body: list(model('llama3.2:latest', { owned_by: 'library' })), callable: ['llama3.2', 'llama3.2:latest'] },
  ollama_chat: { body: list(model('qwen3:8b', { owned_by: 'library' })), callable: ['qwen3:8b'] },
  lm_studio: { body: list({ id: 'qwen2.5-7b-instruct', object: 'model' }), callable: ['qwen2.5-7b-instruct'] },
};

describe("a probe by a vendor's own list of models", () => {
  let upstream: MockUpstream;
  let transport: Transport;
  beforeAll(async () => {
    upstream = await startMockUpstream();
    transport = createTransport({ clock: realClock() });
  });
  beforeEach(() => upstream.resetCounts());
  afterAll(async () => {
    await transport.close();
    await upstream.close();
  });

  const look = async (provider: string, upstreamModel: string): Promise<string> => {
    const { wire } = vendorOf(provider);
    const apiBase = wire === 'azure' ? upstream.url : upstream.apiBase;
    const target: Partial<ProbeTarget> = { provider, wire, upstreamModel, apiBase };
    const prober = httpProber({
      targets: () => exampleTarget(target),
      clock: realClock(),
      random: { next: () => 0, id: () => '' },
      prices: { costUsd: () => undefined },
      transport,
      logins: noLogins,
      version: '1.2.3',
    });
    const { outcome, level } = await prober.probe('aaaaaaaa', 'models', new AbortController().signal);
    return outcome.kind === 'failed' ? `${level}: ${outcome.failure.class}` : `${level}: ${outcome.kind}`;
  };

  it('has a case for every vendor that has a list', () => {
    const withList = Object.keys(vendors).filter((prefix) => vendorOf(prefix).listing !== 'none');
    expect(Object.keys(cases).toSorted()).toEqual(withList.toSorted());
  });

  const callable = Object.entries(cases).flatMap(([prefix, { callable: models }]) =>
    models.map((name) => [prefix, name] as const),
  );

  it.each(callable)('at %s passes for %s, by one question and no inference', async (prefix, name) => {
    upstream.set('@listing', { kind: 'status', status: 200, body: cases[prefix]?.body });
    expect(await look(prefix, name)).toBe('models: ok');
    expect(upstream.stats()).toMatchObject({ models: {}, listings: { probes: { count: 1 } } });
  });

  it.each(Object.keys(cases))('at %s misses a model that is gone exactly where the list is whole', async (prefix) => {
    upstream.set('@listing', { kind: 'status', status: 200, body: cases[prefix]?.body });
    const expected = vendorOf(prefix).listing === 'whole' ? 'models: not-found' : 'models: ok';
    expect(await look(prefix, 'retired-model-1')).toBe(expected);
  });

  it.each(Object.keys(cases))('at %s finds out that the key is refused', async (prefix) => {
    upstream.set('@listing', { kind: 'status', status: 401, body: { error: { message: 'bad key' } } });
    expect(await look(prefix, 'any')).toBe('models: auth');
  });

  it.each(Object.keys(vendors).filter((prefix) => vendorOf(prefix).listing === 'none'))(
    'at %s is a connection, for there is no list',
    async (prefix) => {
      expect(await look(prefix, 'any')).toBe('connect: ok');
      expect(upstream.stats().listings.probes.count).toBe(0);
    },
  );
});
