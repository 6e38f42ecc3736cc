import { describe, expect, it } from 'vitest';
import { resolveTarget } from './resolve-target.ts';

describe('resolveTarget', () => {
  it('spells a URL out', () => {
    expect(resolveTarget({ kind: 'url', url: 'redis://me:p%40ss@cache.internal:6380/2' })).toEqual({
      kind: 'single',
      host: 'cache.internal',
      port: 6380,
      username: 'me',
      password: 'p@ss',
      db: 2,
    });
  });

  it('takes the usual port, and encryption from the scheme', () => {
    expect(resolveTarget({ kind: 'url', url: 'rediss://[::1]' })).toEqual({
      kind: 'single',
      host: '::1',
      port: 6379,
      tls: { verify: 'full' },
    });
  });

  it.each(['', 'http://127.0.0.1', 'not a url'])('refuses "%s" without repeating it', (url) => {
    expect(() => resolveTarget({ kind: 'url', url: `${url}` })).toThrow(/^the Redis URL cannot be read$/);
  });
});
