import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/index.ts';
import { TokenCache } from './token-cache.ts';
import type { Fetch } from './token-cache.ts';
import type { Fetched } from './types.ts';

const never = new AbortController().signal;
const token = (value: string, lifeMs?: number): ReturnType<Fetch<string>> =>
  Promise.resolve({ kind: 'fetched', value, ...(lifeMs !== undefined && { lifeMs }) });

/** A login host that does not answer, and whether it was given up. */
function silent(): { fetch: Fetch<string>; calls: () => number; givenUp: () => boolean } {
  const signals: AbortSignal[] = [];
  const fetch: Fetch<string> = async (signal) => {
    signals.push(signal);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    return { kind: 'fault', class: 'local', phase: 'first-byte', message: 'aborted', latencyMs: 0 };
  };
  return { fetch, calls: () => signals.length, givenUp: () => signals.every(({ aborted }) => aborted) };
}

async function fetched(cache: TokenCache<string>, value: string): Promise<Fetched<string>> {
  const got = await cache.get('a', () => token(value, 3_600_000), never);
  if (got.kind !== 'fetched') throw new Error('no token');
  return got;
}

describe('a cache of tokens', () => {
  it('gives a login host that does not answer up after ten seconds: a timeout, for all that waited', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    const host = silent();
    const waiting = Promise.all([cache.get('a', host.fetch, never), cache.get('a', host.fetch, never)]);
    clock.advance(9_999);
    expect(host.givenUp()).toBe(false);
    clock.advance(1);
    const late = { kind: 'fault', class: 'timeout', phase: 'first-byte', message: 'login: no answer within 10000 ms' };
    expect(await waiting).toEqual([
      { ...late, latencyMs: 10_000 },
      { ...late, latencyMs: 10_000 },
    ]);
    expect(host.calls()).toBe(1);
  });

  it('ends the wait of a caller that gives up, and not the fetch that others wait for', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    let answer = (_value: string): void => undefined;
    const fetch: Fetch<string> = () =>
      new Promise((resolve) => (answer = (value) => resolve({ kind: 'fetched', value })));
    const giving = new AbortController();
    const one = cache.get('a', fetch, giving.signal);
    const other = cache.get('a', fetch, never);
    giving.abort();
    expect(await one).toMatchObject({ kind: 'fault', class: 'local' });
    answer('t');
    expect(await other).toMatchObject({ value: 't' });
    // What is already over waits for nothing.
    expect(await cache.get('b', silent().fetch, giving.signal)).toMatchObject({ kind: 'fault', class: 'local' });
  });

  it('asks again five seconds after a failure, and not before', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    let calls = 0;
    const failing: Fetch<string> = () => {
      calls += 1;
      return Promise.resolve({ kind: 'refused', failure: { class: 'auth', message: 'no' }, latencyMs: 1 });
    };
    await cache.get('a', failing, never);
    clock.advance(4_999);
    expect(await cache.get('a', failing, never)).toMatchObject({ kind: 'refused' });
    expect(calls).toBe(1);
    clock.advance(1);
    expect(await cache.get('a', () => token('t'), never)).toMatchObject({ value: 't' });
  });

  it('makes a refusal of a fault in the fetch itself, without its words', async () => {
    const cache = new TokenCache<string>({ clock: manualClock() });
    const faulty: Fetch<string> = () => Promise.reject(new TypeError('Invalid URL: http://user:secret@'));
    expect(await cache.get('a', faulty, never)).toEqual({
      kind: 'refused',
      failure: { class: 'auth', message: 'login: it cannot be tried with what is configured' },
      latencyMs: 0,
    });
  });

  it('renews a short token in its last fifth, and one without an end never', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    await cache.get('short', () => token('1', 100_000), never);
    await cache.get('endless', () => token('1'), never);
    clock.advance(79_999);
    expect(await cache.get('short', () => token('2', 100_000), never)).toMatchObject({ value: '1' });
    clock.advance(1);
    expect(await cache.get('short', () => token('2', 100_000), never)).toMatchObject({ value: '2' });
    clock.advance(1_000_000_000);
    expect(await cache.get('endless', () => token('2'), never)).toMatchObject({ value: '1' });
  });

  it('replaces a refused token once, and not while it is new', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    const first = await fetched(cache, '1');
    clock.advance(4_999);
    expect([cache.refused('a', first), await fetched(cache, '2')]).toMatchObject([false, { value: '1' }]);
    clock.advance(1);
    expect(cache.refused('a', first)).toBe(true);
    const second = await fetched(cache, '2');
    expect(second).toMatchObject({ value: '2' });
    // A later answer to a request that was sent with the first one.
    expect([cache.refused('a', first), await fetched(cache, '3')]).toMatchObject([true, { value: '2' }]);
    expect(cache.refused('a', second)).toBe(false);
  });

  it('replaces a short token that ended on its way', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    const short = await cache.get('a', () => token('1', 2_000), never);
    clock.advance(1_600);
    expect(short.kind === 'fetched' && cache.refused('a', short)).toBe(true);
  });

  it('does not replace a refused credential that does not expire', async () => {
    const clock = manualClock();
    const cache = new TokenCache<string>({ clock });
    const keys = await cache.get('a', () => token('keys'), never);
    clock.advance(10_000);
    expect(keys.kind === 'fetched' && cache.refused('a', keys)).toBe(false);
  });

  it('keeps the tokens of a thousand logins at most', async () => {
    const cache = new TokenCache<string>({ clock: manualClock() });
    await cache.get('first', () => token('1'), never);
    for (let i = 0; i < 1_000; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await cache.get(`other ${i}`, () => token('1'), never);
    }
    expect(await cache.get('first', () => token('2'), never)).toMatchObject({ value: '2' });
  });
});
