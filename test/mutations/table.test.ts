import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutationsPage } from './page.ts';
import { mutated, mutations } from './table.ts';

describe('the table of planted bugs', () => {
  it.each(mutations)('finds the text to replace exactly once in $file: $bug', (mutation) => {
    const text = readFileSync(mutation.file, 'utf8');
    const next = mutated(text, mutation);
    expect(next).toBeDefined();
    expect(next).not.toBe(text);
  });

  it('names suites that exist', () => {
    expect(mutations.filter(({ suite }) => !existsSync(suite.file))).toEqual([]);
  });

  it('holds each bug of a file once', () => {
    const names = mutations.map(({ file, bug }) => `${file}: ${bug}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuses a text that occurs twice, or not at all', () => {
    const bug = { bug: 'b', file: 'f', from: 'x', to: 'y', suite: { project: 'unit', file: 's' } } as const;
    expect(mutated('a x b', bug)).toBe('a y b');
    expect(mutated('x x', bug)).toBeUndefined();
    expect(mutated('a', bug)).toBeUndefined();
  });

  it('is what its page shows', () => {
    expect(readFileSync('test/mutations/README.md', 'utf8')).toBe(mutationsPage());
  });
});
