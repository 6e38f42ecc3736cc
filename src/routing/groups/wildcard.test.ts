import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bySpecificity, matchesWildcard } from './wildcard.ts';

describe('a wildcard', () => {
  it.each([
    ['openai/*', 'openai/gpt-4o', true],
    ['openai/*', 'openai/', true],
    ['openai/*', 'azure/gpt-4o', false],
    ['*', 'anything', true],
    ['*meta.llama3*', 'hello-meta.llama3-70b', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['fo::*::static::*', 'fo::bar::static::baz', true],
    ['gpt-4.1*', 'gpt-401', false],
    ['gpt', 'gpt', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matchesWildcard(pattern, name)).toBe(expected);
  });

  it('matches what the same regular expression matches', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(text, name, (pattern, one) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(one);
        expect(matchesWildcard(pattern, one)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('matches no name of endless length', () => {
    expect(matchesWildcard('*', 'a'.repeat(10_000))).toBe(false);
  });

  it('comes after a longer one', () => {
    expect(['*', 'openai/*', 'openai/gpt-*'].toSorted(bySpecificity)).toEqual(['openai/gpt-*', 'openai/*', '*']);
  });
});
