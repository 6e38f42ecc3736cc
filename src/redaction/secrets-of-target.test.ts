import { expect, it } from 'vitest';
import { exampleTarget } from '../testing/index.ts';
import { isSecretName, secretsOfTarget } from './index.ts';

it('finds the secrets of a target wherever they are, with and without their scheme', () => {
  const target = exampleTarget({
    apiKey: 'sk-key',
    headers: { 'X-Gateway-Token': 'gw', Authorization: 'Bearer inner', 'X-Team': 'platform' },
    apiBase: 'https://me:p%40ss@host/v1?key=in-query',
    healthCheckParams: { extra_headers: { a: 'deep' }, max_tokens: 'many', temperature: 'hot' },
  });
  expect(new Set(secretsOfTarget(target))).toEqual(
    new Set(['sk-key', 'gw', 'Bearer inner', 'inner', 'me', 'p%40ss', 'p@ss', 'in-query', 'deep']),
  );
  const { apiKey: _none, ...open } = exampleTarget();
  expect(secretsOfTarget(open)).toEqual([]);
});

it.each([
  ['api_key', true],
  ['X-Signature', true],
  ['cookie', true],
  ['max_tokens', false],
  ['prompt_tokens', false],
  ['temperature', false],
])('the name %s tells of a secret: %s', (name, secret) => expect(isSecretName(name)).toBe(secret));
