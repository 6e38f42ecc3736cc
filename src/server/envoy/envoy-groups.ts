import { upOfView } from '../../admin/index.ts';
import type { Up } from '../../admin/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import type { FleetReader } from '../../ports/index.ts';

/** An upstream of a model group, as Envoy may send requests to it. */
export interface EnvoyUpstream {
  readonly hostname: string;
  readonly port: number;
  readonly up: Up;
  /** `litellm_params.weight`; 1 where the file has none. */
  readonly weight: number;
}

/** One cluster of Envoy. */
export interface EnvoyGroup {
  readonly name: string;
  /** One per address in the configuration. Of several deployments at one address the best counts. */
  readonly upstreams: readonly EnvoyUpstream[];
}

/** All model groups with deployments that requests can call. */
export function envoyGroups(
  { deployments }: Pick<AllswellConfig, 'deployments'>,
  fleet: Pick<FleetReader, 'target'>,
): readonly EnvoyGroup[] {
  const groups = new Map<string, Map<string, EnvoyUpstream>>();
  for (const { modelName, targetId, call, limits } of deployments) {
    if (call.kind !== 'callable' || !URL.canParse(call.apiBase)) continue;
    const { hostname, port, protocol } = new URL(call.apiBase);
    const upstream: EnvoyUpstream = {
      hostname: hostname.replaceAll(/^\[|\]$/g, ''),
      port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      up: upOfView(fleet.target(targetId)),
      weight: limits.weight ?? 1,
    };
    const group = groups.get(modelName) ?? new Map<string, EnvoyUpstream>();
    groups.set(modelName, group);
    const key = `${upstream.hostname} ${upstream.port}`;
    const other = group.get(key);
    if (other === undefined || rank(upstream.up) < rank(other.up)) group.set(key, upstream);
  }
  return [...groups].map(([name, upstreams]) => ({ name, upstreams: [...upstreams.values()] }));
}

function rank(up: Up): number {
  return BEST_FIRST.indexOf(up);
}

const BEST_FIRST: readonly Up[] = ['up', 'degraded', 'unknown', 'suspect', 'drained', 'down'];
