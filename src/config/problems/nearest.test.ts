import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const known = ['prod', 'test', 'embedding', 'max_tokens'];

it.each([
  ['prd', 'prod'],
  ['tset', 'test'],
  ['Test', 'test'],
  ['embeding', 'embedding'],
  ['embdeding', 'embedding'],
  ['max_toknes', 'max_tokens'],
  ['maxtoken', 'max_tokens'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

it.each(['', 'pr', 'tast_', 'stage', 'beddng', 'tokens'])('"%s" was meant to be none of them', (word) => {
  expect(nearest(word, known)).toBeUndefined();
});

it('of two words that are as near, the first one was meant', () => {
  expect(nearest('mode', ['node', 'code'])).toBe('node');
});
