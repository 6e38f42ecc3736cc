import type { Client } from './client.ts';

/** What the server does when its memory is full. */
export type EvictionPolicy =
  | { readonly kind: 'known'; readonly policy: string; readonly mayEvict: 'yes' | 'no' }
  /** The server does not say, or did not answer. */
  | { readonly kind: 'unknown' };

/** What a server says of itself; what it keeps to itself is unknown. */
export interface ServerFacts {
  readonly eviction: EvictionPolicy;
  /** Whether it is a node of a cluster, whatever the configuration takes it for. */
  readonly mode: 'cluster' | 'single' | 'unknown';
  /** Of the Redis that it is or that it is compatible with; undefined if it does not say. */
  readonly version: { readonly text: string; readonly major: number } | undefined;
}

/**
 * Asks a server for the facts. `INFO` first, which managed servers and restricted users are allowed where `CONFIG` is
 * not; what it leaves open, by the command that is about it.
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

/** Reads the answer of `INFO`. */
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

/** A server that has slots to tell is a node of a cluster; any other says that it has no such thing. */
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
    // A flat list, or a map, by the version of the protocol.
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
