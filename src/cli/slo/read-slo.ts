import type { FleetSloBody } from '../../api/index.ts';
import { askPod, fleetSloForm } from '../ask/index.ts';
import type { PodAddress } from '../ask/index.ts';

export type SloRead =
  | { readonly kind: 'found'; readonly body: FleetSloBody }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

/** Reads the error budget of one model group, or of all that have an objective. */
export async function readSlo(address: PodAddress, group: string | undefined): Promise<SloRead> {
  const path = `/fleet/slo${group === undefined ? '' : `?group=${encodeURIComponent(group)}`}`;
  const answer = await askPod<FleetSloBody>(address, path, { form: fleetSloForm });
  if (answer.kind === 'answered') return { kind: 'found', body: answer.body };
  if (answer.kind !== 'declined') return { kind: 'unreachable', why: answer.why };
  const { detail } = (answer.detail ?? {}) as { detail?: { error?: unknown } };
  const said = typeof detail?.error === 'string' ? detail.error : undefined;
  if (answer.status === 404 && group !== undefined && said !== undefined) {
    const why =
      said === 'No model group has this name'
        ? `Unknown model group: ${group}; allswell status lists the groups`
        : `No objective for ${group}: set fleet_health.slo`;
    return { kind: 'none', why };
  }
  return { kind: 'unreachable', why: said ?? answer.why };
}
