import type { RedisTarget } from '../../ports/index.ts';

/** A target whose address is spelled out. */
export type ResolvedTarget = Exclude<RedisTarget, { kind: 'url' }>;

/**
 * Spells a URL out.
 *
 * @throws when the text is no `redis://` or `rediss://` URL; the message does not repeat it, it may hold a password
 */
export function resolveTarget(target: RedisTarget): ResolvedTarget {
  if (target.kind !== 'url') return target;
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) throw new Error('the Redis URL cannot be read');
  const db = /^\/(\d+)$/.exec(url.pathname)?.[1];
  const tls = target.tls ?? (url.protocol === 'rediss:' ? ({ verify: 'full' } as const) : undefined);
  return {
    kind: 'single',
    host: url.hostname.replaceAll(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(db === undefined ? {} : { db: Number(db) }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** What must never be in a message. */
export function secretsOf(target: ResolvedTarget): readonly string[] {
  const sentinel = target.kind === 'sentinel' ? target.sentinelPassword : undefined;
  return [target.password, sentinel].filter((secret): secret is string => secret !== undefined);
}
