import type { Logger } from '../../ports/index.ts';
import type { Client } from './client.ts';

/** What the server does when its memory is full. */
export type EvictionPolicy =
  | { readonly kind: 'known'; readonly policy: string; readonly mayEvict: 'yes' | 'no' }
  /** The server does not say, or did not answer. */
  | { readonly kind: 'unknown' };

/** Reads it from `INFO memory`, which managed servers and restricted users are allowed where `CONFIG GET` is not. */
async function readEvictionPolicy(client: Client): Promise<EvictionPolicy> {
  try {
    const policy = /^maxmemory_policy:(\S+)/m.exec(await client.info('memory'))?.[1];
    if (policy === undefined) return { kind: 'unknown' };
    return { kind: 'known', policy, mayEvict: policy === 'noeviction' ? 'no' : 'yes' };
  } catch {
    return { kind: 'unknown' };
  }
}

/** A server that evicts can take leases and records away at any time: said once per connection. Answers what it found. */
export async function warnOfEviction(client: Client, logger: Logger): Promise<EvictionPolicy> {
  const found = await readEvictionPolicy(client);
  if (found.kind === 'unknown' || found.mayEvict === 'no') return found;
  const advice = 'it may remove health records and leases when memory is short; set it to noeviction';
  logger.warn(`Redis has maxmemory-policy ${found.policy}: ${advice}`, { policy: found.policy });
  return found;
}
