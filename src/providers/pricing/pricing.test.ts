import { expect, it } from 'vitest';
import { usdOf, genaiPrices } from './index.ts';
import type { PricedCall } from './index.ts';

const call: PricedCall = { provider: 'openai', model: 'gpt-4o-mini', inputTokens: 1_000, outputTokens: 100 };
const book = genaiPrices();

it('knows list prices: gpt-4o-mini takes $0.15 and $0.60 for a million tokens', () => {
  expect(book.costUsd(call)).toBeCloseTo(0.000_21, 10);
});

it.each([
  ['azure', 'gpt-4o'],
  ['openai', 'text-embedding-3-small'],
  ['anthropic', 'claude-3-5-haiku-latest'],
  ['gemini', 'gemini-2.5-flash'],
  ['vertex_ai', 'gemini-2.5-flash'],
  ['mistral', 'mistral-small-latest'],
  ['groq', 'llama-3.3-70b-versatile'],
  ['deepseek', 'deepseek-chat'],
  ['cohere', 'command-r'],
  ['xai', 'grok-3'],
  ['openrouter', 'openai/gpt-4o'],
  ['together_ai', 'meta-llama/Llama-3.3-70B-Instruct-Turbo'],
  ['fireworks_ai', 'accounts/fireworks/models/deepseek-v3p2'],
  ['perplexity', 'sonar'],
])('finds the prices of %s', (provider, model) => {
  expect(book.costUsd({ ...call, provider, model })).toBeGreaterThan(0);
});

it('does not guess: no price for a model nobody listed, nor for one that people run themselves', () => {
  expect(book.costUsd({ ...call, model: 'no-such-model' })).toBeUndefined();
  for (const provider of ['hosted_vllm', 'ollama', 'lm_studio', 'nvidia_nim', 'nobody']) {
    expect(book.costUsd({ ...call, provider })).toBeUndefined();
  }
});

it('lets a configured price win, even one of nothing', () => {
  expect(usdOf(call, { input: 0.001, output: 0.01 }, book)).toBeCloseTo(2, 10);
  expect(usdOf(call, { input: 0, output: 0 }, book)).toBe(0);
  expect(usdOf(call, undefined, book)).toBeCloseTo(0.000_21, 10);
});

it('takes the half of a price that is not configured from the price book, and not as free', () => {
  // 1,000 tokens in at $0.15 a million are $0.00015, 100 out at $0.60 are $0.00006.
  expect(usdOf(call, { input: 0 }, book)).toBeCloseTo(0.000_06, 10);
  expect(usdOf(call, { output: 0.01 }, book)).toBeCloseTo(1.000_15, 10);
  expect(usdOf({ ...call, model: 'no-such-model' }, { input: 0.001 }, book)).toBeUndefined();
  // What was not taken needs no price.
  expect(usdOf({ ...call, model: 'no-such-model', outputTokens: 0 }, { input: 0.001 }, book)).toBe(1);
});
