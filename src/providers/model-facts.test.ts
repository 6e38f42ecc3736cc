import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { modelFacts, providerOfBare } from './index.ts';
import { factsDigest, factsTable, factsVersion } from './model-facts.generated.ts';

describe('the table of facts', () => {
  it('states its version, and was not edited by hand', () => {
    expect(factsVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(createHash('sha256').update(factsTable).digest('hex')).toBe(factsDigest);
  });

  it('is small, and has no line that is read as nothing', () => {
    expect(factsTable.length).toBeLessThan(150_000);
    for (const line of factsTable.trimEnd().split('\n')) {
      expect(line).toMatch(/^(bare|model) [^ ]+ [a-z_]+(\+reasons)?(\+audio)?: [^ :]/);
    }
  });
});

it.each([
  ['openai', 'gpt-5', { mode: 'chat', reasons: true, audio: false }],
  ['openai', 'gpt-4o', { mode: 'chat', reasons: false, audio: false }],
  ['openai', 'gpt-5.3-chat-latest', { mode: 'chat', reasons: true, audio: false }],
  ['openai', 'gpt-audio', { mode: 'chat', reasons: false, audio: true }],
  ['openai', 'gpt-5-codex', { mode: 'responses', reasons: true, audio: false }],
  ['openai', 'gpt-3.5-turbo-instruct', { mode: 'completion', reasons: false, audio: false }],
  ['azure', 'gpt-4o', { mode: 'chat', reasons: false, audio: false }],
  ['xai', 'grok-imagine-image', { mode: 'image_generation', reasons: false, audio: false }],
  ['xai', 'grok-imagine-video', { mode: 'video_generation', reasons: false, audio: false }],
  ['mistral', 'mistral-ocr-latest', { mode: 'ocr', reasons: false, audio: false }],
  ['gemini', 'gemini-2.5-flash-image', { mode: 'image_generation', reasons: false, audio: false }],
  ['gemini', 'gemini-2.5-flash-preview-tts', { mode: 'audio_speech', reasons: false, audio: false }],
])('of %s/%s is known: %o', (provider, model, facts) => expect(modelFacts(provider, model)).toMatchObject(facts));

it('says nothing of names that no list has', () => {
  expect(modelFacts('openai', 'constructor')).toBeUndefined();
  expect(modelFacts('openai', 'our-own')).toBeUndefined();
});

it.each([
  ['gpt-4o', 'openai'],
  ['claude-sonnet-4-5', 'anthropic'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'bedrock'],
  ['amazon.nova-lite-v1:0', 'bedrock'],
  ['gemini-2.5-flash', 'vertex_ai'],
  ['our-own', undefined],
])('the bare name %s means %s', (model, provider) => expect(providerOfBare(model)).toBe(provider));
