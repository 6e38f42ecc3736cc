import { describe, expect, it } from 'vitest';
import { resolveTarget } from './resolve-target.ts';

describe('resolveTarget', () => {
  it('converts a URL to host, port and login', () => {
    expect(resolveTarget({ kind: 'url', url: 'redis://me:p%40ss@cache.internal:6380/2' })).toEqual({
      kind: 'single',
      host: 'cache.internal',
      port: 6380,
      username: 'me',
      password: 'p@ss',
      db: 2,
    });
  });

  it('uses the default port, and encryption by the scheme', () => {
    expect(resolveTarget({ kind: 'url', url: 'rediss://[::1]' })).toEqual({
      kind: 'single',
      host: '::1',
      port: 6379,
      tls: { verify: 'full' },
    });
  });

  it('uses a separate user name if the URL contains none', () => {
    const beside = { kind: 'url', username: 'beside' } as const;
    expect(resolveTarget({ ...beside, url: 'redis://:pw@h' })).toMatchObject({ username: 'beside', password: 'pw' });
    expect(resolveTarget({ ...beside, url: 'redis://inside:pw@h' })).toMatchObject({ username: 'inside' });
  });

  it.each(['', 'http://127.0.0.1', 'not a url'])('rejects "%s" without repeating it', (url) => {
    expect(() => resolveTarget({ kind: 'url', url: `${url}` })).toThrow(/^the Redis URL cannot be read$/);
  });
});
