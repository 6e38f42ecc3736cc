import type { Call, Commit, Entry, FaultEdge, FaultKind, History, Lease, View } from '../entry.ts';

// Small handwritten histories: one target on a grid of 2 s with phase 0, leases of 4 s, times in ms from a round start.

/** Phase 0: its due times are the even seconds. */
export const T = '00000000aa';
export const START = 1_800_000_000_000;

/** The stamp of a time, µs. */
export function us(ms: number): number {
  return (START + ms) * 1_000;
}

export function historyOf(...entries: readonly Entry[]): History {
  const targets = [{ id: T, model: 'm1' }];
  return [
    { kind: 'begin', at: START, topology: 'by hand', seed: 0, intervalMs: 2_000, leaseMs: 4_000, targets },
    { kind: 'pod', at: START, place: 0, pod: 'a' },
    { kind: 'pod', at: START, place: 1, pod: 'b' },
    ...entries,
  ];
}

export function leaseOf(ms: number, changes: Partial<Lease> = {}): Lease {
  const at = START + ms;
  const [grant, until] = [us(ms), us(ms + 4_000)];
  return { kind: 'lease', at, server: 's', storeMs: at, pod: 'a', target: T, grant, until, ...changes };
}

export function commitOf(ms: number, grantMs: number, changes: Partial<Commit> = {}): Commit {
  const at = START + ms;
  const dated = { version: us(ms), grant: us(grantMs), evidenceAt: us(grantMs) };
  return { kind: 'commit', at, server: 's', epoch: 'e', target: T, ...dated, reason: 'scheduled', ...changes };
}

export function callOf(ms: number, changes: Partial<Call> = {}): Call {
  const at = START + ms;
  return { kind: 'call', at, endedAt: at + 10, place: 0, target: T, answer: 'good', ...changes };
}

/** A correct probe: granted, made, committed. */
export function probeOf(ms: number, pod: 'a' | 'b' = 'a', reason: string = 'scheduled'): Entry[] {
  const place = pod === 'a' ? 0 : 1;
  return [leaseOf(ms, { pod }), callOf(ms + 2, { place }), commitOf(ms + 20, ms, { reason })];
}

/** What a pod shows; the evidence is dated `checkedMs` after the start. */
export function viewOf(ms: number, checkedMs: number, changes: Partial<View & { state: string }> = {}): View {
  const at = START + ms;
  const { state = 'up', ...rest } = changes;
  const shown = { target: T, state, why: '', version: us(checkedMs), checkedAt: START + checkedMs };
  return {
    kind: 'view',
    askedAt: at - 1,
    at,
    place: 0,
    pod: 'a',
    mode: 'shared',
    epoch: 'e',
    targets: [shown],
    ...rest,
  };
}

export function faultOf(fault: FaultKind, fromMs: number, toMs: number, on: string = 's'): FaultEdge[] {
  return [
    { kind: 'fault', at: START + fromMs, edge: 'begin', fault, on },
    { kind: 'fault', at: START + toMs, edge: 'end', fault, on },
  ];
}
