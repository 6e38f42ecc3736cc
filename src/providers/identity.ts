import { createHash, createHmac } from 'node:crypto';
import type { TargetId } from '../health/index.ts';
import type { HoldKey } from '../ports/index.ts';
import { type Login, principalOf } from './login.ts';

/** The properties that make an upstream distinct. Timeouts, prompts, tokens and levels do not: they vary the probe of one upstream. */
export interface Identity {
  readonly provider: string;
  readonly upstreamModel: string;
  readonly apiBase: string;
  readonly region: string | undefined;
  readonly mode: string;
  readonly credential: Credential;
  /** `extra_body`, which a gateway in between may choose its upstream by. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** The identity under which the upstream sees a request: quotas and permissions depend on it. */
export interface Credential {
  readonly apiKey: string | undefined;
  readonly organization: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** A token that is sent as a bearer. It is renewed too often to be part of an identity. */
  readonly shortLived?: string | undefined;
  /** How a token is fetched, or a request signed; its principal is part of the identity. */
  readonly login?: Login | undefined;
}

/**
 * A target's id: the same in every pod with the same configuration, and no way back to the credential without the secret.
 * `key` comes from {@link identityKey}.
 */
export function targetIdOf(
  { provider, upstreamModel, apiBase, region, mode, credential, extraBody }: Identity,
  key: string,
): TargetId {
  const parts = ['target 1', provider, upstreamModel, apiBase, region ?? null, mode, fingerprint(credential, key)];
  if (extraBody !== undefined) parts.push(digest(extraBody, key));
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

/**
 * Key of an operator's hold of a target: its identity without the credential, so that a new key keeps the hold. All keys
 * for one model of one upstream share the hold, because its failures concern all of them.
 */
export function holdKeyOf({
  provider,
  upstreamModel,
  apiBase,
  region,
  mode,
}: Omit<Identity, 'credential' | 'extraBody'>): HoldKey {
  const parts = ['hold 1', provider, upstreamModel, apiBase, region ?? null, mode];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

/** The configured secret, else one derived from the fleet's name. Never the master key: its rotation must not split targets. */
export function identityKey(secret: string | undefined, fleet: string): string {
  return secret ?? createHash('sha256').update(`allswell identity of fleet ${fleet}`).digest('hex');
}

function fingerprint({ apiKey, organization, headers = {}, login }: Credential, key: string): string {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const principal = login === undefined ? [] : [principalOf(login)];
  return digest([apiKey ?? null, organization ?? null, sorted, ...principal], key);
}

function digest(value: unknown, key: string): string {
  return createHmac('sha256', key).update(JSON.stringify(value)).digest('hex');
}
