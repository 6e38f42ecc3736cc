import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { speechOf, vendors } from './index.ts';
import { speechDigest, speechTable } from './provider-speech.generated.ts';

describe('the table of how providers are spoken to', () => {
  it('was not edited by hand, and has no line that is read as nothing', () => {
    expect(createHash('sha256').update(speechTable).digest('hex')).toBe(speechDigest);
    for (const line of speechTable.trimEnd().split('\n')) expect(line).toMatch(/^(speaks( \/v1)?|silent): [^ :]/);
  });

  it('calls no vendor silent that has a row', () => {
    expect(Object.keys(vendors).filter((name) => speechOf(name).kind === 'silent')).toEqual([]);
  });

  it.each([
    ['deepinfra', { kind: 'openai' }],
    ['cometapi', { kind: 'openai', baseEndsWith: '/v1' }],
    ['sagemaker', { kind: 'silent' }],
    ['newcomer', { kind: 'unknown' }],
  ])('%s takes requests so: %o', (provider, speech) => expect(speechOf(provider)).toEqual(speech));
});
