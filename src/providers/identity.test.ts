import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRefusal, loadConfig } from '../config/index.ts';
import { identityKey, holdKeyOf, targetIdOf, type Identity } from './identity.ts';

const identity = fc.record({
  provider: fc.string(),
  upstreamModel: fc.string(),
  apiBase: fc.webUrl(),
  region: fc.option(fc.string(), { nil: undefined }),
  mode: fc.string(),
  credential: fc.record({
    apiKey: fc.option(fc.string(), { nil: undefined }),
    organization: fc.option(fc.string(), { nil: undefined }),
    headers: fc.option(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string()), { nil: undefined }),
  }),
});

describe('D9: a key of an upstream is guessed by the names in Redis', () => {
  const upstreamKey = 'sk-staging-2024';
  const guesses = ['sk-test', 'sk-staging-2023', upstreamKey, 'changeme'];
  const file = (more: string): string =>
    `model_list:
  - model_name: m
    litellm_params: { model: openai/m, api_base: 'http://llm.internal/v1', api_key: ${upstreamKey} }
${more}`;
  /** All that a reader of Redis can make for a guess: names by each key that does not have to be known. */
  const testable = (apiKey: string, fleet: string): readonly string[] => {
    const known = { provider: 'openai', upstreamModel: 'm', apiBase: 'http://llm.internal/v1', region: undefined };
    const guessed = { ...known, mode: 'chat', credential: { ...none, apiKey } };
    return [identityKey(undefined, fleet), fleet, apiKey, ''].map((key) => targetIdOf(guessed, key));
  };
  const namesIn = (text: string): { readonly fleet: string; readonly names: readonly string[] } => {
    const loaded = loadConfig({ text, env: { ALLSWELL_IDENTITY_SECRET: 'a'.repeat(64) }, readFile: () => '' });
    if (loaded.kind === 'refused') throw new Error(formatRefusal(loaded));
    const { targets, fleet } = loaded.config;
    return { fleet, names: targets.flatMap(({ id, holdKey }) => [id, holdKey]) };
  };
  const found = (text: string): readonly string[] => {
    const { fleet, names } = namesIn(text);
    return guesses.filter((guess) => testable(guess, fleet).some((name) => names.includes(name)));
  };

  it('is possible without identity_secret, as the documentation says', () => {
    expect(found(file(''))).toEqual([upstreamKey]);
  });

  it('finds nothing with identity_secret: without it no name follows from a key', () => {
    expect(found(file('fleet_health: { identity_secret: os.environ/ALLSWELL_IDENTITY_SECRET }'))).toEqual([]);
  });

  it('finds nothing with what the how-to says', () => {
    const page = readFileSync('docs/how-to/secure.md', 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    expect(example).toContain('master_key:');
    expect(found(file(example))).toEqual([]);
  });
});

describe('the key of a hold', () => {
  it('changes with every part of the identity but the credential', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const [one, other] = [a, b].map((each) => JSON.stringify(plain({ ...each, credential: none })));
        expect(holdKeyOf(a) === holdKeyOf(b)).toBe(one === other);
        const rotated: Identity = { ...a, credential: b.credential };
        expect(holdKeyOf(rotated)).toBe(holdKeyOf(a));
      }),
    );
  });
});

const none = { apiKey: undefined, organization: undefined, headers: undefined };

describe('a target id', () => {
  it('is 24 hex digits, so that it has a slot on the grid', () => {
    fc.assert(fc.property(identity, (one) => /^[0-9a-f]{24}$/.test(targetIdOf(one, 'key'))));
  });

  it('is equal only for equal identities', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const same = JSON.stringify(plain(a)) === JSON.stringify(plain(b));
        expect(targetIdOf(a, 'key') === targetIdOf(b, 'key')).toBe(same);
      }),
    );
  });

  it('changes with every single part of the identity', () => {
    fc.assert(
      fc.property(identity, (one) => {
        const others: Identity[] = [
          { ...one, provider: `${one.provider}x` },
          { ...one, upstreamModel: `${one.upstreamModel}x` },
          { ...one, apiBase: `${one.apiBase}x` },
          { ...one, region: `${one.region ?? ''}x` },
          { ...one, mode: `${one.mode}x` },
          { ...one, credential: { ...one.credential, apiKey: `${one.credential.apiKey ?? ''}x` } },
          { ...one, credential: { ...one.credential, organization: `${one.credential.organization ?? ''}x` } },
          { ...one, credential: { ...one.credential, headers: { ...one.credential.headers, 'x-other': '1' } } },
        ];
        const ids = [one, ...others].map((each) => targetIdOf(each, 'key'));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('does not care about the order or the case of header names', () => {
    const base = { provider: 'openai', upstreamModel: 'm', apiBase: 'http://h/v1', region: undefined, mode: 'chat' };
    const ids = [
      { A: '1', b: '2' },
      { B: '2', a: '1' },
    ].map((headers) => targetIdOf({ ...base, credential: { apiKey: 'k', organization: undefined, headers } }, 'key'));
    expect(ids[0]).toBe(ids[1]);
  });

  it('differs between fleets, and not when the same secret is given to both', () => {
    expect(identityKey(undefined, 'a')).not.toBe(identityKey(undefined, 'b'));
    expect(identityKey('secret', 'a')).toBe(identityKey('secret', 'b'));
  });
});

function plain({ credential, ...rest }: Identity): unknown {
  const headers = Object.entries(credential.headers ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    rest.provider,
    rest.upstreamModel,
    rest.apiBase,
    rest.region ?? null,
    rest.mode,
    credential.apiKey ?? null,
    credential.organization ?? null,
    headers,
  ];
}
