import type { AllswellConfig, Deployment } from '../config/index.ts';
import type { AlertReceiver, RedisTarget } from '../ports/index.ts';
import { decoded, secretsOfTarget } from './secrets-of-target.ts';

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

/** Shortest value of a query that counts as one: it is more often a token, and `v=1` is none. */
const QUERY_LENGTH = 6;

/** The URL of a webhook is a secret itself: in whole, its path, each value of its query, and its login. Receivers may echo them. */
function secretsOfReceiver({ url, secret, routingKey }: AlertReceiver): (string | undefined)[] {
  if (!URL.canParse(url)) return [url, secret, routingKey];
  const { pathname, search, username, password } = new URL(url);
  const values = search
    .slice(1)
    .split('&')
    .map((one) => one.slice(one.indexOf('=') + 1))
    .filter((one) => one.length >= QUERY_LENGTH);
  const parts = [...pathname.split('/'), search.slice(1)].filter((part) => part.length >= SECRET_LENGTH);
  const path = pathname.length >= SECRET_LENGTH ? [url, pathname] : [];
  const written = [...path, ...parts, ...values];
  const basic = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  const login = password === '' ? [] : [password, decoded(password), basic];
  return [...written, ...written.map(decoded), ...login, secret, routingKey];
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
      return URL.canParse(redis.url) ? [decoded(new URL(redis.url).password)] : [redis.url];
    case 'sentinel':
      return [redis.password, redis.sentinelPassword];
    case 'single':
    case 'cluster':
      return [redis.password];
  }
}
