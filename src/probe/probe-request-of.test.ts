import { expect, it } from 'vitest';
import { exampleTarget } from '../testing/index.ts';
import { probeRequestOf } from './index.ts';

const target = exampleTarget({
  upstreamModel: 'bad-500',
  apiBase: 'http://127.0.0.1:24010/v1',
  headers: { 'x-team': 'blue' },
  healthCheckParams: { temperature: 0, api_key: 'sk-inner', extra_headers: { a: 'b' } },
});

it('shows what a probe asks, with empty headers and prompt, and no value under the name of a secret', () => {
  expect(probeRequestOf(target)).toEqual({
    raw_request_api_base: 'http://127.0.0.1:24010/v1/',
    raw_request_body: {
      model: 'bad-500',
      messages: [{ role: 'user', content: '' }],
      max_tokens: 16,
      temperature: 0,
      api_key: '***',
      extra_headers: '***',
    },
    raw_request_headers: {},
    error: null,
  });
});

it('shows no user of the base URL', () => {
  const { raw_request_api_base: base } = probeRequestOf({ ...target, apiBase: 'https://u:p@host/v1?k=v' });
  expect(base).toBe('https://host/v1/');
});
