// The format of a recorded history: one entry per line, as JSON. Times without a unit are epoch milliseconds with fractions, on
// the clock of the recording process; stamps in microseconds are on the store's clock.

export type Entry = Begin | PodStarted | ModeChange | Lease | Commit | Polled | View | Call | FaultEdge | Calm;

/** Properties of the fleet that every check uses. */
export interface Begin {
  readonly kind: 'begin';
  readonly at: number;
  readonly topology: string;
  readonly seed: number;
  readonly intervalMs: number;
  readonly leaseMs: number;
  readonly targets: readonly { readonly id: string; readonly model: string }[];
}

/** One more process; `place` is the number of its host. */
export interface PodStarted {
  readonly kind: 'pod';
  readonly at: number;
  readonly place: number;
  readonly pod: string;
}

/** A pod logged that it started or stopped working without the store, which may lie between two samples. */
export interface ModeChange {
  readonly kind: 'mode';
  readonly at: number;
  readonly pod: string;
  readonly mode: 'fallback' | 'shared';
}

/** A lease as a script announced it: granted, or renewed under the same grant. */
export interface Lease {
  readonly kind: 'lease';
  readonly at: number;
  /** Server whose channel carried it. One channel keeps the order in which the server executed. */
  readonly server: string;
  /** The store's clock, ms. A grant is that time only as long as the clock never steps back. */
  readonly storeMs: number;
  readonly pod: string;
  readonly target: string;
  readonly grant: number;
  /** Store time; 0 for a released lease. */
  readonly until: number;
}

/** A record as a script announced it. */
export interface Commit {
  readonly kind: 'commit';
  readonly at: number;
  readonly server: string;
  readonly epoch: string;
  readonly target: string;
  readonly version: number;
  readonly grant: number;
  /** Store time of the newest evidence. */
  readonly evidenceAt: number;
  readonly reason: string;
}

/** A primary's data when polled: the number of commits, and per target the grant of its lease. */
export interface Polled {
  readonly kind: 'polled';
  readonly at: number;
  readonly server: string;
  readonly seq: number;
  readonly leases: readonly { readonly target: string; readonly pod: string; readonly grant: number }[];
}

/** One sample of a pod. */
export interface View {
  readonly kind: 'view';
  readonly askedAt: number;
  readonly at: number;
  readonly place: number;
  readonly pod: string;
  readonly mode: string;
  readonly epoch: string;
  readonly targets: readonly ShownTarget[];
}

export interface ShownTarget {
  readonly target: string;
  readonly state: string;
  readonly why: string;
  readonly version: number;
  /** Date of the evidence, store time in ms; null without evidence. */
  readonly checkedAt: number | null;
}

/** One probe as the upstream saw it. */
export interface Call {
  readonly kind: 'call';
  /** When it arrived. */
  readonly at: number;
  readonly endedAt: number;
  readonly place: number;
  readonly target: string;
  readonly answer: 'good' | 'bad';
}

/** Begin or end of a fault. */
export interface FaultEdge {
  readonly kind: 'fault';
  readonly at: number;
  readonly edge: 'begin' | 'end';
  readonly fault: FaultKind;
  /** Server, number of the pod's host, or target. */
  readonly on: string;
  /** For a clock: how far ahead of the true time it is from now on, ms. */
  readonly aheadMs?: number;
  readonly how?: string;
}

export type FaultKind =
  | 'pod-killed'
  | 'pod-stopped'
  | 'pod-partitioned'
  | 'store-killed'
  | 'store-hung'
  /** Not an injected fault: on a busy machine the store missed a pod's deadline, according to the pod's log. */
  | 'store-slow'
  | 'store-flushed'
  | 'failover'
  | 'clock'
  | 'upstream';

/** A period without faults, long enough after the last one for its effects to end. */
export interface Calm {
  readonly kind: 'calm';
  readonly from: number;
  readonly to: number;
}

export type History = readonly Entry[];

/** A promise that a history breaks. */
export interface Violation {
  readonly check: string;
  readonly at: number;
  readonly what: string;
}

type Of<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

/** The entries of one kind, in the order of recording. */
export function entriesOf<K extends Entry['kind']>(history: History, kind: K): Of<K>[] {
  return history.filter((entry): entry is Of<K> => entry.kind === kind);
}

export function beginOf(history: History): Begin {
  const [begin] = entriesOf(history, 'begin');
  if (begin === undefined) throw new Error('a history opens with a begin entry');
  return begin;
}
