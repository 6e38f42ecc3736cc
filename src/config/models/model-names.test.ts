import { expect, it } from 'vitest';
import { modeByName, reasonsByName } from './model-names.ts';

it.each(
  `o1 o3-mini gpt-5 gpt-5.1-mini openai/gpt-5 gpt-oss-120b deepseek-reasoner claude-3-7-sonnet-20250219 claude-opus-4-1
  anthropic/claude-sonnet-4-5 gemini-2.5-flash gemini-3-pro-preview grok-4-0709 grok-3-mini sonar-reasoning-pro magistral-small`
    .split(/\s+/)
    .map((model) => [model]),
)('%s thinks before it answers', (model) => expect(reasonsByName('other', model)).toBe(true));

it.each(
  `gpt-4o gpt-4.1 claude-3-5-haiku-latest gemini-2.0-flash gemini-2.5-flash-image grok-3
  grok-4-fast-non-reasoning sonar mistral-large-latest qwen3-32b`
    .split(/\s+/)
    .map((model) => [model]),
)('%s does not', (model) => expect(reasonsByName('other', model)).toBe(false));

it.each([
  ['gpt-4o', 'chat'],
  ['o3-pro', 'responses'],
  ['gpt-5-codex', 'responses'],
  ['gpt-5', 'chat'],
  ['openai/o3-pro', 'chat'],
  ['gemini-embedding-001', 'embedding'],
  ['mistral-embed', 'embedding'],
  ['embed-v4.0', 'embedding'],
  ['rerank-v3.5', 'rerank'],
])('%s is asked by %s', (model, mode) => expect(modeByName('openai', model)).toBe(mode));
