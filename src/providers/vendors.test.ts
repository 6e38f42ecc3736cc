import { describe, expect, it } from 'vitest';
import { isListed, vendorBase, vendorModel, vendorOf, vendors } from './index.ts';

describe('a vendor', () => {
  it('has variables named for its prefix where its row names none', () => {
    expect(vendorOf('nvidia_nim')).toMatchObject({ keys: ['NVIDIA_NIM_API_KEY'], bases: ['NVIDIA_NIM_API_BASE'] });
    expect(vendorOf('groq')).toMatchObject({ keys: ['GROQ_API_KEY'], wire: 'openai', stated: true });
  });

  it('without a row is assumed to speak like OpenAI', () => {
    expect(vendorOf('my-llm')).toMatchObject({
      wire: 'openai',
      keys: ['MY_LLM_API_KEY'],
      limitName: 'max_tokens',
      stated: false,
    });
    expect(vendorOf('constructor').stated).toBe(false);
  });

  it('has its base URL in the spelling that bases are brought into', () => {
    for (const [prefix, { apiBase }] of Object.entries(vendors)) {
      expect(apiBase && vendorBase(apiBase, vendorOf(prefix))).toBe(apiBase);
    }
  });
});

it.each([
  ['ollama', 'http://gpu:11434', 'http://gpu:11434/v1'],
  ['ollama', 'http://gpu:11434/v1', 'http://gpu:11434/v1'],
  ['mistral', 'https://api.mistral.ai', 'https://api.mistral.ai/v1'],
  ['anthropic', 'https://api.anthropic.com', 'https://api.anthropic.com/v1'],
  ['anthropic', 'https://api.anthropic.com/v1/messages', 'https://api.anthropic.com/v1'],
  ['groq', 'http://proxy/groq', 'http://proxy/groq'],
])('the base of %s, written %s, is %s', (prefix, written, base) => {
  expect(vendorBase(written, vendorOf(prefix))).toBe(base);
});

it.each([
  ['fireworks_ai', 'deepseek-v3', 'accounts/fireworks/models/deepseek-v3'],
  ['fireworks_ai', 'accounts/me/models/m', 'accounts/me/models/m'],
  ['fireworks_ai', '*', '*'],
  ['groq', 'llama', 'llama'],
])('%s knows the model %s as %s', (prefix, model, name) => {
  expect(vendorModel(model, vendorOf(prefix))).toBe(name);
});

it.each([
  ['openai', 'gpt-4o', 'gpt-4o', true],
  ['openai', 'gpt-4o', 'gpt-4o-mini', false],
  ['gemini', 'gemini-2.5-flash', 'models/gemini-2.5-flash', true],
  ['gemini', 'models/gemini-2.5-flash', 'gemini-2.5-flash', true],
  ['gemini', 'gemini-2.5', 'models/gemini-2.5-flash', false],
  ['ollama', 'llama3', 'llama3:latest', true],
  ['ollama', 'llama3:8b', 'llama3:latest', false],
  ['anthropic', 'claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', true],
  ['anthropic', 'claude-3-5-haiku-latest', 'claude-3-5-haiku-20241022', true],
  ['anthropic', 'claude-3-5-haiku-latest', 'claude-3-5-sonnet-20241022', false],
  ['openrouter', 'openai/gpt-4o:nitro', 'openai/gpt-4o', true],
  ['openrouter', 'openai/gpt-4o:free', 'openai/gpt-4o', false],
  ['hosted_vllm', 'Llama-3.1-8B', 'meta-llama/Llama-3.1-8B', true],
])('at %s, %s is listed by %s: %s', (prefix, model, id, listed) => {
  expect(isListed(model, ['other', id], vendorOf(prefix))).toBe(listed);
});
