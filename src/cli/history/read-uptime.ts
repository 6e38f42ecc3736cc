import type { FleetHistoryBody } from '../../api/index.ts';
import { askPod, fleetHistoryForm } from '../ask/index.ts';
import type { PodAddress } from '../ask/index.ts';

export type UptimeRead =
  | { readonly kind: 'found'; readonly body: FleetHistoryBody }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

/** Reads the uptime of a model group over a window such as `7d`. */
export async function readUptime(address: PodAddress, group: string, window: string): Promise<UptimeRead> {
  const path = `/fleet/history?group=${encodeURIComponent(group)}&window=${window}`;
  const answer = await askPod<FleetHistoryBody>(address, path, { form: fleetHistoryForm });
  if (answer.kind === 'answered') return { kind: 'found', body: answer.body };
  if (answer.kind !== 'declined') return { kind: 'unreachable', why: answer.why };
  const { detail } = (answer.detail ?? {}) as { detail?: { error?: unknown } };
  const isUnknown = answer.status === 404 && detail?.error === 'No model group has this name';
  if (isUnknown) return { kind: 'none', why: `Unknown model group: ${group}; allswell status lists the groups` };
  return { kind: 'unreachable', why: typeof detail?.error === 'string' ? detail.error : answer.why };
}
