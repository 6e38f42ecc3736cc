import type { ProbeTarget } from '../config/index.ts';
import { isSecretName } from './secret-name.ts';
import { secretsOfLogin } from './secrets-of-login.ts';

/** What of a target may hold a secret. */
export type Guarded = Pick<ProbeTarget, 'apiKey' | 'headers' | 'apiBase' | 'healthCheckParams' | 'login'>;

/**
 * What of a target must never leave the process: its key, the headers and fields that are named like a secret, and what
 * hides in the base URL. Each as a whole and without its scheme.
 */
export function secretsOfTarget({ apiKey, headers = {}, apiBase, healthCheckParams, login }: Guarded): string[] {
  const telling = Object.entries(headers).filter(([name]) => isSecretName(name));
  const values = telling.map(([, value]) => value);
  return [
    apiKey ?? '',
    ...values,
    ...secretsInUrl(apiBase),
    ...secretValues(healthCheckParams),
    ...secretsOfLogin(login),
  ]
    .flatMap(withoutScheme)
    .filter((secret) => secret !== '');
}

/** `Bearer x` and `Basic x`: the scheme is no secret, what follows it is. */
export function withoutScheme(secret: string): string[] {
  return [secret, secret.replace(/^\s*\S+\s+/, '')];
}

function secretsInUrl(text: string): string[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const user = url === undefined ? [] : [url.username, url.password];
  return [...user, ...user.map(decoded), ...(url?.searchParams.values() ?? [])];
}

/** Percent-decoded; as it is where it cannot be. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function secretValues(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return isSecretName(name) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretValues(inner, isSecretName(name) ? name : key));
}
