import { createHash } from 'node:crypto';
import type { Up } from '../../admin/index.ts';
import type { EnvoyGroup } from './envoy-groups.ts';
import type { HostAddresses } from './host-addresses.ts';

/** Weight of an endpoint whose upstream has weight 1 and is healthy: fractions of it must be whole numbers. */
const FULL_WEIGHT = 100;

/**
 * A group as Envoy's endpoint discovery reads it from a file. Undefined without any address: a file without endpoints would
 * take all traffic away.
 *
 * A degraded upstream is `HEALTHY` with a quarter of its weight, as allswell routes. Envoy's `DEGRADED` would get requests only
 * while too few are healthy.
 */
export function edsText(group: EnvoyGroup, hosts: Pick<HostAddresses, 'of'>): string | undefined {
  const endpoints = group.upstreams.flatMap(({ hostname, port, up, weight }) => {
    const addresses = hosts.of(hostname).toSorted();
    const share = (weight * FULL_WEIGHT * (up === 'degraded' ? 0.25 : 1)) / addresses.length;
    return addresses.map((address) => ({
      endpoint: { address: { socket_address: { address, port_value: port } }, hostname },
      health_status: statuses[up],
      load_balancing_weight: Math.max(1, Math.round(share)),
    }));
  });
  if (endpoints.length === 0) return undefined;
  const resources = [{ '@type': TYPE, cluster_name: group.name, endpoints: [{ lb_endpoints: endpoints }] }];
  const version = createHash('sha256').update(JSON.stringify(resources)).digest('hex').slice(0, 12);
  return `${JSON.stringify({ version_info: version, resources }, undefined, 2)}\n`;
}

const TYPE = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';

/** Envoy's names. `UNKNOWN` gets traffic. */
const statuses: Readonly<Record<Up, 'HEALTHY' | 'UNKNOWN' | 'DRAINING' | 'UNHEALTHY'>> = {
  up: 'HEALTHY',
  degraded: 'HEALTHY',
  suspect: 'HEALTHY',
  unknown: 'UNKNOWN',
  drained: 'DRAINING',
  down: 'UNHEALTHY',
};

/**
 * The file of a group.
 *
 * @example
 * edsFileName('openai/*') // 'openai%2F%2A.json'
 */
export function edsFileName(group: string): string {
  return `${encodeURIComponent(group).replaceAll('*', '%2A')}.json`;
}
