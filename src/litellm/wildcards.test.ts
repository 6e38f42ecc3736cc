import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wildcardSegments } from './wildcards.ts';

describe('the text behind the wildcards of a group', () => {
  // The answers of `PatternMatchRouter.pattern_to_regex` and `re.match` in LiteLLM 1.110.2.
  it.each([
    ['openai/*', 'openai/gpt-4o', ['gpt-4o']],
    ['openai/*', 'openai/', ['']],
    ['openai/*', 'xopenai/a', undefined],
    ['openai/*', 'anthropic/gpt-4o', undefined],
    ['*', 'openai/gpt-4o', ['openai/gpt-4o']],
    ['*/*', 'anthropic/claude', ['anthropic', 'claude']],
    ['*/*', 'openrouter/openai/gpt-4o', ['openrouter/openai', 'gpt-4o']],
    ['fo::*::static::*', 'fo::bar::static::baz', ['bar', 'baz']],
    ['*meta.llama3*', 'hello-world-meta.llama3-70b', ['hello-world-', '-70b']],
    ['*-preview', 'gpt-4-preview-0125', ['gpt-4']],
    ['*-a', 'b-a-a', ['b-a']],
    ['a.b/*', 'axb/c', undefined],
    ['(a|b)*', 'a', undefined],
    ['openai/*', 'openai/gpt\nx', ['gpt']],
    ['openai/*', 'a\nopenai/gpt', undefined],
    ['**', 'ab', ['ab', '']],
    ['gpt', 'gpt-4', []],
  ])('%s takes %s as %j', (pattern, requested, segments) => {
    expect(wildcardSegments(pattern, requested)).toEqual(segments);
  });

  it('is that of the regular expression of LiteLLM', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/'), maxLength: 6 });
    const requested = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\n'), maxLength: 9 });
    fc.assert(
      fc.property(pattern, requested, (written, name) => {
        const regex = new RegExp(`^${written.replaceAll('*', String.raw`([^\n]*)`)}`);
        expect(wildcardSegments(written, name)).toEqual(regex.exec(name)?.slice(1));
      }),
    );
  });

  it('is found in one pass, also for a name that makes the regular expression try every division', () => {
    const name = `${'a'.repeat(20_000)}b`;
    const started = performance.now();
    expect(wildcardSegments('*a*a*a*a*a*c', name)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(100);
  });
});
