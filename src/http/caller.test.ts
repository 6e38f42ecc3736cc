import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentify, maySee } from './caller.ts';
import type { Caller } from './caller.ts';

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
const keys = [
  { name: 'ops', sha256: hash('sk-ops'), role: 'admin', models: [] },
  { name: 'litellm', sha256: hash('sk-events'), role: 'events', models: [] },
  { name: 'team', sha256: hash('sk-team'), role: 'scoped', models: ['fast'] },
] as const;

describe('who asks', () => {
  const identify = createIdentify({ masterKey: 'sk-master', withoutMasterKey: 'refuse', keys });

  it('is known again by a key that was right before, and no other', () => {
    const as = (key: string): ReturnType<typeof identify> => identify(new Headers({ authorization: `Bearer ${key}` }));
    for (const _again of [1, 2]) {
      expect(as('sk-master')).toEqual({ role: 'admin', name: 'master key' });
      expect(as('sk-maste')).toBe('wrong-key');
    }
  });

  it('is unknown without a readable key, also where the hash of an empty key is listed', () => {
    const empty = { name: 'mistake', sha256: hash(''), role: 'events', models: [] } as const;
    for (const masterKey of ['sk-master', '']) {
      const known = createIdentify({ masterKey, withoutMasterKey: 'refuse', keys: [empty] });
      for (const headers of [{ authorization: 'Basic abc' }, { authorization: 'Bearer ' }, { 'x-api-key': '' }]) {
        expect(known(new Headers(headers))).toBe('wrong-key');
      }
    }
  });

  it('is told by the key in any of the three headers', () => {
    for (const headers of [
      { authorization: 'Bearer sk-master' },
      { authorization: 'bearer sk-master' },
      { 'x-api-key': 'sk-master' },
      { 'api-key': 'sk-master' },
    ]) {
      expect(identify(new Headers(headers))).toEqual({ role: 'admin', name: 'master key' });
    }
    expect(identify(new Headers({ 'api-key': 'sk-ops' }))).toEqual({ role: 'admin', name: 'ops' });
    const team = { role: 'scoped', name: 'team', models: ['fast'] };
    expect(identify(new Headers({ authorization: 'Bearer sk-team' }))).toEqual(team);
  });

  it('is nobody without a key', () => {
    expect(identify(new Headers())).toBe('no-key');
  });

  it('is unknown with a wrong key of any form', () => {
    for (const headers of [
      { authorization: 'Bearer sk-wrong' },
      { authorization: 'Bearer sk-maste' },
      { authorization: 'Bearer sk-masterr' },
      { authorization: 'Bearer ' },
      { authorization: 'Basic c2stbWFzdGVy' },
      { authorization: 'sk-master' },
      { 'x-api-key': '' },
      // The hash is in the configuration, which more people can read than may use the key.
      { authorization: `Bearer ${hash('sk-ops')}` },
      // The first header that is there decides: a second one does not get another try.
      { authorization: 'Bearer sk-wrong', 'x-api-key': 'sk-master' },
    ]) {
      expect(identify(new Headers(headers))).toBe('wrong-key');
    }
  });

  it('is nobody while there is no master key, listed ones aside', () => {
    const without = createIdentify({ masterKey: null, withoutMasterKey: 'refuse', keys });
    expect(without(new Headers())).toBe('no-key');
    expect(without(new Headers({ authorization: 'Bearer null' }))).toBe('wrong-key');
    expect(without(new Headers({ authorization: 'Bearer sk-ops' }))).toMatchObject({ name: 'ops' });
  });

  it('is an admin where that was permitted, unless a listed key says otherwise', () => {
    const open = createIdentify({ masterKey: null, withoutMasterKey: 'open', keys });
    expect(open(new Headers())).toMatchObject({ role: 'admin' });
    expect(open(new Headers({ authorization: 'Bearer anything' }))).toMatchObject({ role: 'admin' });
    expect(open(new Headers({ authorization: 'Bearer sk-team' }))).toMatchObject({ role: 'scoped' });
  });
});

describe('what a scoped key may see', () => {
  const scoped = (...models: string[]): Caller => ({ role: 'scoped', name: 'team', models });

  it('may see what its patterns match; a star matches any text', () => {
    const sees = (name: string, ...models: string[]): boolean => maySee(scoped(...models), name);
    expect(sees('fast', 'fast')).toBe(true);
    expect(sees('faster', 'fast')).toBe(false);
    expect(sees('openai/gpt-4o', 'slow', 'openai/*')).toBe(true);
    expect(sees('openai', 'openai/*')).toBe(false);
    expect(sees('aba', 'ab*ba')).toBe(false);
    expect(sees('a-b-c', 'a*b*c')).toBe(true);
    expect(sees('abb', 'a*b*b')).toBe(true);
    expect(sees('ab', 'a*b*b')).toBe(false);
    expect(sees('anything', '*')).toBe(true);
    expect(sees('a.c', 'a.c')).toBe(true);
    expect(sees('abc', 'a.c')).toBe(false);
  });

  it('is the same by a regular expression', () => {
    const word = fc.stringMatching(/^[ab*]{0,8}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[ab]{0,8}$/), word, (name, pattern) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
        expect(maySee(scoped(pattern), name)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('is all for an admin, and nothing for anybody', () => {
    expect(maySee({ role: 'admin', name: 'ops' }, 'fast')).toBe(true);
    expect(maySee({ role: 'anybody' }, 'fast')).toBe(false);
  });
});
