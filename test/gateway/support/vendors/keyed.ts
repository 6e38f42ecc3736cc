import { json, startStrictServer } from '../../../support/strict-server.ts';
import type { StrictAnswer, StrictRequest } from '../../../support/strict-server.ts';
import { bearerOf, chatCompletion, message, newBehaviour, vendorOf } from './vendor.ts';
import type { Vendor } from './vendor.ts';

const KEY = 'key-of-the-vendor-0123456789';
const WRONG = 'key-of-somebody-else-0123456789';

interface KeyedVendor {
  readonly model: string;
  /** Behind the server's address. */
  readonly base: string;
  readonly path: string;
  readonly keyOf: (request: StrictRequest) => string | undefined;
  readonly refuse: (key: string) => StrictAnswer;
  readonly refusal: Vendor['refusal'];
  readonly answer: (request: StrictRequest) => StrictAnswer;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: string;
}

const openai: KeyedVendor = {
  model: 'openai/gpt-4o-mini',
  base: '/v1',
  path: '/v1/chat/completions',
  keyOf: bearerOf,
  refusal: [401, /^Incorrect API key provided: .* You can find/],
  refuse: (key) =>
    json(401, {
      error: {
        message: `Incorrect API key provided: ${key}. You can find your API key at https://platform.openai.com/account/api-keys.`,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    }),
  answer: (request) => chatCompletion(request, 'gpt-4o-mini'),
};

type KeyedName = 'openai' | 'gemini' | 'cohere' | 'azure' | 'anthropic';

const keyed: Readonly<Record<KeyedName, KeyedVendor>> = {
  openai,
  // Google wraps errors in a list there.
  gemini: {
    ...openai,
    model: 'gemini/gemini-2.5-flash',
    base: '/v1beta/openai',
    path: '/v1beta/openai/chat/completions',
    refusal: [400, /^API key not valid: .* Please pass/],
    refuse: (key) =>
      json(400, [
        {
          error: {
            code: 400,
            message: `API key not valid: ${key}. Please pass a valid API key.`,
            status: 'INVALID_ARGUMENT',
          },
        },
      ]),
    answer: (request) => chatCompletion(request, 'gemini-2.5-flash'),
  },
  cohere: {
    ...openai,
    model: 'cohere/command-a-03-2025',
    base: '/compatibility/v1',
    path: '/compatibility/v1/chat/completions',
    refusal: [401, /^invalid api token: /],
    refuse: (key) => json(401, { id: '1', message: `invalid api token: ${key}` }),
    answer: (request) => chatCompletion(request, 'command-a-03-2025'),
  },
  azure: {
    model: 'azure/ours',
    base: '',
    path: '/openai/deployments/ours/chat/completions',
    query: 'api-version=2024-10-21',
    params: { api_version: '2024-10-21' },
    keyOf: ({ headers }) => (headers['authorization'] === undefined ? headers['api-key'] : undefined),
    refusal: [401, /^Access denied due to invalid subscription key/],
    refuse: (key) =>
      json(401, {
        error: { code: '401', message: `Access denied due to invalid subscription key (api-key: ${key}).` },
      }),
    answer: (request) => chatCompletion(request, undefined),
  },
  anthropic: {
    model: 'anthropic/claude-sonnet-4-5',
    base: '/v1',
    path: '/v1/messages',
    keyOf: ({ headers }) => (headers['anthropic-version'] === '2023-06-01' ? headers['x-api-key'] : undefined),
    refusal: [401, /^invalid x-api-key: /],
    refuse: (key) =>
      json(401, { type: 'error', error: { type: 'authentication_error', message: `invalid x-api-key: ${key}` } }),
    answer: message,
  },
};

/** A vendor that takes a key and nothing else. */
export async function startKeyed(name: KeyedName): Promise<Vendor> {
  const row = keyed[name];
  const behaviour = newBehaviour();
  const server = await startStrictServer((request) => {
    const { method, path, query } = request;
    const key = row.keyOf(request);
    if (key !== KEY) return row.refuse(key ?? 'none');
    if (method !== 'POST' || path !== row.path || query !== (row.query ?? '')) {
      return json(404, { error: { code: '404', message: 'Resource not found' } });
    }
    return behaviour.answer?.(key) ?? row.answer(request);
  });
  const params = { model: row.model, api_base: `${server.url}${row.base}`, api_key: KEY, ...row.params };
  const wrong = { ...params, api_key: WRONG };
  const own = { params, wrong, refusal: row.refusal, env: {}, behaviour, secrets: [KEY, WRONG], given: new Map() };
  return vendorOf(server, own, () => false);
}
