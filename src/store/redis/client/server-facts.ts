import type { Client } from './client.ts';

/** Behaviour of the server when its memory is full. */
export type EvictionPolicy =
  | { readonly kind: 'known'; readonly policy: string; readonly mayEvict: 'yes' | 'no' }
  /** Unknown: the server did not answer, or not with it. */
  | { readonly kind: 'unknown' };

/** Facts about a server; a fact that it does not report is unknown. */
export interface ServerFacts {
  readonly eviction: EvictionPolicy;
  /** True for a node of a cluster, regardless of the configuration. */
  readonly mode: 'cluster' | 'single' | 'unknown';
  /** Version of Redis, or the Redis version that it is compatible with; undefined if unknown. */
  readonly version: { readonly text: string; readonly major: number } | undefined;
}

/**
 * Reads the facts: first by `INFO`, which managed servers and restricted users allow more often than `CONFIG`, then each
 * missing fact by its own command.
 */
export async function readServerFacts(client: Client): Promise<ServerFacts> {
  const told = await client.info().then(factsFrom, () => silence);
  const { eviction, mode, version } = told;
  return {
    version,
    mode: mode === 'unknown' ? await modeBySlots(client) : mode,
    eviction: eviction.kind === 'unknown' ? await configuredPolicy(client) : eviction,
  };
}

const silence: ServerFacts = { mode: 'unknown', version: undefined, eviction: { kind: 'unknown' } };

/** Parses the answer of `INFO`. */
export function factsFrom(info: string): ServerFacts {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const text = field('redis_version');
  const major = Number(/^\d+/.exec(text ?? '')?.[0]);
  const clustered = field('cluster_enabled') ?? { cluster: '1', standalone: '0' }[field('redis_mode') ?? ''];
  return {
    eviction: policyFrom(field('maxmemory_policy')),
    mode: clustered === undefined ? 'unknown' : clustered === '1' ? 'cluster' : 'single',
    version: text === undefined || Number.isNaN(major) ? undefined : { text, major },
  };
}

/** True if the server knows cluster slots. Other servers answer with an error. */
async function modeBySlots(client: Client): Promise<ServerFacts['mode']> {
  try {
    await client.cluster('SLOTS');
    return 'cluster';
  } catch (error) {
    return /cluster support disabled/.test(String(error)) ? 'single' : 'unknown';
  }
}

async function configuredPolicy(client: Client): Promise<EvictionPolicy> {
  try {
    const answer: unknown = await client.config('GET', 'maxmemory-policy');
    // A flat list or a map, depending on the protocol version.
    const found = Array.isArray(answer)
      ? (answer as readonly unknown[])[1]
      : (answer as Readonly<Record<string, unknown>>)['maxmemory-policy'];
    return policyFrom(typeof found === 'string' ? found : undefined);
  } catch {
    return { kind: 'unknown' };
  }
}

function policyFrom(policy: string | undefined): EvictionPolicy {
  if (policy === undefined) return { kind: 'unknown' };
  return { kind: 'known', policy, mayEvict: policy === 'noeviction' ? 'no' : 'yes' };
}
