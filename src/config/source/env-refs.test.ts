import { describe, expect, it } from 'vitest';
import { resolveEnvRefs } from './env-refs.ts';
import { openFindings } from '../problems/findings.ts';
import { parseYaml } from '../yaml/parse.ts';
import { valueOf } from '../yaml/tree.ts';
import type { Env } from '../types.ts';

function resolve(yaml: string, env: Env): { value: unknown; notes: readonly string[] } {
  const parsed = parseYaml(yaml);
  if (parsed.kind !== 'parsed') throw new Error('not YAML');
  const findings = openFindings('file');
  const value = valueOf(resolveEnvRefs(parsed.root, env, findings));
  return { value, notes: findings.notes.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}

describe('os.environ/NAME', () => {
  it('stands for the variable where it is the whole text', () => {
    expect(resolve('a: os.environ/X\nb: "os.environ/X"\nc: see os.environ/X', { X: 'v' }).value).toEqual({
      a: 'v',
      b: 'v',
      c: 'see os.environ/X',
    });
  });

  it('becomes a boolean for true and false in any case, and stays text otherwise', () => {
    expect(
      resolve('a: os.environ/A\nb: os.environ/B\nc: os.environ/C', { A: 'True', B: 'FALSE', C: '300' }).value,
    ).toEqual({ a: true, b: false, c: '300' });
  });

  it('is a boolean with space around it, too, and any other text keeps its space', () => {
    expect(resolve('a: os.environ/A\nb: os.environ/B', { A: ' true\n', B: ' 3\n' }).value).toEqual({
      a: true,
      b: ' 3\n',
    });
  });

  it('names the variable without its prefix, however often that is written', () => {
    expect(resolve('a: os.environ/os.environ/X', { X: 'v' }).value).toEqual({ a: 'v' });
  });

  it('stays as it is where LiteLLM looks it up later', () => {
    const yaml =
      'a: { anthropic_issuer_signing_key_ref: os.environ/X, anthropic_keycloak_client_secret_ref: os.environ/Y }';
    expect(resolve(yaml, { X: 'v' })).toEqual({
      value: {
        a: { anthropic_issuer_signing_key_ref: 'os.environ/X', anthropic_keycloak_client_secret_ref: 'os.environ/Y' },
      },
      notes: [],
    });
  });

  it('is null with a note where the variable is not set', () => {
    expect(resolve('a:\n  b: os.environ/GONE', {})).toEqual({
      value: { a: { b: null } },
      notes: ['2:6 a.b is not set: there is no environment variable GONE'],
    });
  });

  it('is resolved in mappings inside lists, but not as a text directly in a list', () => {
    expect(resolve('a: [os.environ/X, { b: os.environ/X }, [{ c: os.environ/X }]]', { X: 'v' }).value).toEqual({
      a: ['os.environ/X', { b: 'v' }, [{ c: 'os.environ/X' }]],
    });
  });

  it('is not resolved again in what a variable holds', () => {
    expect(resolve('a: os.environ/X', { X: 'os.environ/Y', Y: 'no' }).value).toEqual({ a: 'os.environ/Y' });
  });
});
