import type { RedisTarget, RedisTls } from '../../../ports/index.ts';

/** A target with host and port instead of a URL. */
export type ResolvedTarget = Exclude<RedisTarget, { kind: 'url' }>;

/**
 * Converts a URL to host, port and login.
 *
 * @throws if the text is not a `redis://` or `rediss://` URL. The message does not repeat it, because it may contain a password
 */
export function resolveTarget(target: RedisTarget): ResolvedTarget {
  if (target.kind !== 'url') return target;
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol)) throw new Error('the Redis URL cannot be read');
  const db = /^\d+$/.exec(url.searchParams.get('db') ?? url.pathname.slice(1))?.[0];
  const encrypted = target.tls !== undefined || url.protocol === 'rediss:';
  const tls = encrypted ? { ...target.tls, verify: verifyOf(url) ?? target.tls?.verify ?? 'full' } : undefined;
  const username = decoded(url.username) || target.username;
  const password = decoded(url.password);
  return {
    kind: 'single',
    host: url.hostname.replaceAll(/^\[|\]$/g, '') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    ...(username === undefined ? {} : { username }),
    ...(target.passwordFile === undefined ? password !== '' && { password } : { passwordFile: target.passwordFile }),
    ...(db === undefined ? {} : { db: Number(db) }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** Certificate options in a URL's query, named as by LiteLLM's client. They override other settings, as there. */
function verifyOf({ searchParams }: URL): RedisTls['verify'] | undefined {
  if (/none$/i.test(searchParams.get('ssl_cert_reqs') ?? '')) return 'none';
  return searchParams.get('ssl_check_hostname')?.toLowerCase() === 'false' ? 'chain' : undefined;
}

/** Decodes percent codes. A percent sign without a code stays. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Secrets to be removed from messages. */
export function secretsOf(target: ResolvedTarget): readonly string[] {
  const sentinel = target.kind === 'sentinel' ? target.sentinelPassword : undefined;
  return [target.password, sentinel].filter((secret): secret is string => secret !== undefined);
}
