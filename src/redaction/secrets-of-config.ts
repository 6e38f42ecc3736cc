import type { AllswellConfig, Deployment } from '../config/index.ts';
import type { AlertReceiver, RedisTarget } from '../ports/index.ts';
import { secretsOfTarget } from './secrets-of-target.ts';

/** Everything in a configuration that must never be seen outside the process. */
export function secretsOf(config: AllswellConfig): string[] {
  const secrets = [
    config.masterKey,
    config.drainToken,
    ...config.alerts.receivers.flatMap(secretsOfReceiver),
    ...config.targets.flatMap(secretsOfTarget),
    ...config.deployments.flatMap(secretsOfDeployment),
    ...secretsOfRedis(config.redis),
  ];
  return secrets.filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

/** Shortest part of a URL that counts as a secret: shorter ones are words such as `/hook`. */
const SECRET_LENGTH = 12;

/** The URL of a webhook is a secret itself: in whole, and its path. */
function secretsOfReceiver({ url, secret, routingKey }: AlertReceiver): (string | undefined)[] {
  if (!URL.canParse(url)) return [url, secret, routingKey];
  const { pathname, search, password } = new URL(url);
  const parts = [...pathname.split('/'), search.slice(1)].filter((part) => part.length >= SECRET_LENGTH);
  const path = pathname.length >= SECRET_LENGTH ? [url, pathname] : [];
  return [...path, ...parts, decodeURIComponent(password), secret, routingKey];
}

/** Probes may be sent with another key than requests. */
function secretsOfDeployment({ call }: Deployment): string[] {
  return call.kind === 'callable' ? secretsOfTarget({ ...call, healthCheckParams: call.extraBody ?? {} }) : [];
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
