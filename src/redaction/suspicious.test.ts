import { describe, expect, it } from 'vitest';
import { blankSuspicious } from './suspicious.ts';

const KEY = 'a1B2c3D4e5F6g7H8i9J0k1L2';

describe('what looks like a secret', () => {
  it.each([
    [`Incorrect API key provided: sk-proj-${KEY}`, 'Incorrect API key provided: #'],
    ['rk_abc123', '#'],
    [`token hf_${KEY} expired`, 'token # expired'],
    [`nvapi-${KEY}, pplx-${KEY}`, '#, #'],
    ['key gsk_abc…xyz or xai-abc...xyz', 'key # or #'],
    ['signed by AKIAIOSFODNN7EXAMPLE', 'signed by #'],
    ['Authorization: Bearer eyJhbGciOi.J9', 'Authorization: #'],
    ['sent as Bearer 0123456789', 'sent as Bearer #'],
    ['rediss://user:hunter2@redis:6379/0', 'rediss://#@redis:6379/0'],
  ])('is blanked: %s', (text, shown) => expect(blankSuspicious(text, '#')).toBe(shown));

  it.each([
    'perplexity/pplx-70b-online answers',
    'huggingface/hf-tiny-random, xai-org/grok',
    'the token limit of gpt-4o, and no password',
    'ok 1 *** 2',
  ])('is no ordinary text: %s', (text) => expect(blankSuspicious(text, '#')).toBe(text));
});
