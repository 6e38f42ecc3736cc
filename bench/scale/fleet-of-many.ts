import { createHash } from 'node:crypto';
import type { FleetTarget } from '../../src/fleet/index.ts';
import type { MemberInfo } from '../../src/ports/index.ts';

// What all parts of this benchmark have in common: the fleet, its targets, and what its members say of themselves.

export const FLEET = 'scale';
export const TARGETS_HASH = 'targets';
export const POLICY_HASH = 'policy';
/** As the coordinator does it: alive for 10 s, said every 3 s. */
export const HEARTBEAT_MS = 3_000;
export const MEMBER_TTL_MS = 10_000;
export const FOREVER = 9_000_000_000_000_000;

/** As many targets as wanted, on a host for each twenty of them. */
export function targetsOf(count: number, intervalMs: number): FleetTarget[] {
  return Array.from({ length: count }, (_, index) => ({
    id: createHash('sha256').update(`target ${index}`).digest('hex').slice(0, 24),
    holdKey: createHash('sha256').update(`place ${index}`).digest('hex').slice(0, 24),
    name: `openai/model-${index}`,
    level: 'inference',
    intervalMs,
    timeoutMs: 60_000,
    upstreamHost: `host-${Math.floor(index / 20)}.example`,
    background: true,
    deployments: 1,
  }));
}

/** What member `index` says of itself; its failure domain is one of ten. */
export function memberInfo(index: number, startedAt: number): MemberInfo {
  const pod = `pod_${startedAt}_${String(index).padStart(6, '0')}`;
  const place = { host: `node-${index}:4000`, domain: `zone-${index % 10}`, blind: [], unreached: [] };
  const hashes = { policyHash: POLICY_HASH, targetsHash: TARGETS_HASH };
  return { pod, version: '0.1.0', ...hashes, startedAt, impaired: false, ...place };
}
