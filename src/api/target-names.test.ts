import { describe, expect, it } from 'vitest';
import { targetNames } from './target-names.ts';
import type { NameableTarget } from './target-names.ts';

function target(id: string, group: string, more: Partial<NameableTarget> = {}): NameableTarget {
  const deployments = [{ model_name: group, model_id: `d-${id}` }];
  return { target: id, model: 'openai/gpt-4o', deployments, upstream_host: `${id}.test:8080`, region: null, ...more };
}

describe('targetNames', () => {
  it('finds targets by group and host, with and without the port, and by region', () => {
    const names = targetNames([target('a', 'gpt-4o'), target('b', 'gpt-4o', { region: 'eu' })]);
    expect(names.find('gpt-4o')).toEqual(['a', 'b']);
    expect(names.find('gpt-4o@a.test')).toEqual(['a']);
    expect(names.find('gpt-4o@b.test:8080')).toEqual(['b']);
    expect(names.find('openai/gpt-4o@eu')).toEqual(['b']);
    expect(names.find('gpt-4o@c.test')).toEqual([]);
    expect(names.find('d-b')).toEqual(['b']);
  });

  it('takes a name with an @ of its own as it is', () => {
    const names = targetNames([target('a', 'claude@20240229'), target('b', 'claude')]);
    expect(names.find('claude@20240229')).toEqual(['a']);
    expect(names.find('claude@20240229@a.test')).toEqual(['a']);
  });

  it('prefers an id to a name', () => {
    expect(targetNames([target('a', 'x'), target('x', 'y')]).find('x')).toEqual(['x']);
  });

  it('gives each target a word that means it alone, and its id where only that does', () => {
    const same = { upstream_host: 'up.test' };
    const names = targetNames([
      target('a', 'g'),
      target('b', 'g'),
      target('c', 'h'),
      target('d', 'k', same),
      target('e', 'k', same),
    ]);
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => names.wordFor(id))).toEqual([
      'g@a.test:8080',
      'g@b.test:8080',
      'h',
      'd',
      'e',
    ]);
  });
});
