import type { AllswellConfig } from '../config/index.ts';
import type { RedisTarget } from '../ports/index.ts';
import { secretsOfTarget } from './secrets-of-target.ts';

/** Everything in a configuration that must never be seen outside the process. */
export function secretsOf(config: AllswellConfig): string[] {
  const own = [config.masterKey, config.drainToken];
  const secrets = [...own, ...config.targets.flatMap(secretsOfTarget), ...secretsOfRedis(config.redis)];
  return secrets.filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

function secretsOfRedis(redis: RedisTarget | null): (string | undefined)[] {
  if (redis === null) return [];
  const key = redis.tls?.client?.key;
  return [key, ...loginSecrets(redis)];
}

function loginSecrets(redis: RedisTarget): (string | undefined)[] {
  switch (redis.kind) {
    case 'url':
      return URL.canParse(redis.url) ? [decodeURIComponent(new URL(redis.url).password)] : [redis.url];
    case 'sentinel':
      return [redis.password, redis.sentinelPassword];
    case 'single':
    case 'cluster':
      return [redis.password];
  }
}
