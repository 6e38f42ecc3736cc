import { askPod, fleetForm, fleetHistoryForm } from '../ask/index.ts';
import type { FleetPage, PodAddress, UptimePage } from '../ask/index.ts';
import { holdText } from '../show/hold-text.ts';
import { namePods, podNamesIn } from '../show/pod-names.ts';
import type { NamePods } from '../show/pod-names.ts';
import type { HistoryRange } from './history-range.ts';

export type UptimeRead =
  | { readonly kind: 'found'; readonly body: UptimePage }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

/** Reads the uptime of a model group over a part of the past. */
export async function readUptime(address: PodAddress, group: string, range: HistoryRange): Promise<UptimeRead> {
  const { since, from, to } = range;
  const given = Object.entries({ group, window: since, from, to }).filter(([, value]) => value !== undefined);
  const path = `/fleet/history?${new URLSearchParams(given as [string, string][]).toString()}`;
  const answer = await askPod<UptimePage>(address, path, { form: fleetHistoryForm });
  if (answer.kind === 'answered') return { kind: 'found', body: answer.body };
  if (answer.kind !== 'declined') return { kind: 'unreachable', why: answer.why };
  if (answer.status === 422) return { kind: 'none', why: faultOf(answer.detail) ?? answer.why };
  const { detail } = (answer.detail ?? {}) as { detail?: { error?: unknown } };
  const isUnknown = answer.status === 404 && detail?.error === 'No model group has this name';
  if (isUnknown) return { kind: 'none', why: `Unknown model group: ${group}; allswell status lists the groups` };
  return { kind: 'unreachable', why: typeof detail?.error === 'string' ? detail.error : answer.why };
}

function faultOf(detail: unknown): string | undefined {
  const [fault] = (detail as { detail?: readonly { loc?: readonly unknown[]; msg?: unknown }[] } | null)?.detail ?? [];
  return fault === undefined ? undefined : `--${String(fault.loc?.at(-1))}: ${String(fault.msg)}`;
}

/** What the pod knows beside the history: names of pods, and why the record may have gaps. */
export async function readContext(
  address: PodAddress,
): Promise<{ readonly namePod: NamePods; readonly notes: readonly string[] }> {
  const answer = await askPod<FleetPage>(address, '/fleet', { form: fleetForm });
  if (answer.kind !== 'answered') return { namePod: (text) => text, notes: [] };
  const { probing_paused: paused = null, incidents = [] } = answer.body;
  const lost = incidents.filter(({ kind }) => kind === 'store-lost-data');
  return {
    namePod: namePods(podNamesIn(answer.body)),
    notes: [
      ...(paused === null ? [] : [`Probing is ${holdText(paused)}`]),
      ...lost.map(({ at, what }) => `The record has a gap: ${at} ${what}`),
    ],
  };
}
