import type { AllswellConfig, TargetConfig } from '../config/index.ts';
import type { RedisTarget } from '../ports/index.ts';

/** Everything in a configuration that must never be seen outside the process. */
export function secretsOf(config: AllswellConfig): string[] {
  const own = [config.masterKey, config.drainToken];
  const secrets = [...own, ...config.targets.flatMap(secretsOfTarget), ...secretsOfRedis(config.redis)];
  return secrets.filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

/** Headers that carry no credential are ordinary words, which logs need. */
const telling = /auth|key|token|secret|cookie|signature|password|credential/i;

function secretsOfTarget({ apiKey, headers = {} }: TargetConfig): (string | undefined)[] {
  const values = Object.entries(headers).filter(([name]) => telling.test(name));
  // "Bearer abc" is seen as a whole or without its scheme.
  return [apiKey, ...values.flatMap(([, value]) => [value, value.replace(/^\w+ /, '')])];
}

function secretsOfRedis(redis: RedisTarget | null): (string | undefined)[] {
  if (redis === null) return [];
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
