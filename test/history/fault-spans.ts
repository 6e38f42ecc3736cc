import { entriesOf } from './entry.ts';
import type { FaultKind, History } from './entry.ts';

/** A fault from its begin to its end; one that lasts to the end of the history ends at Infinity. */
export interface FaultSpan {
  readonly fault: FaultKind;
  readonly on: string;
  readonly from: number;
  readonly to: number;
  readonly aheadMs: number;
}

/** Pairs the edges of the faults. */
export function faultSpans(history: History): FaultSpan[] {
  const edges = entriesOf(history, 'fault');
  return edges.flatMap((edge, index) => {
    if (edge.edge === 'end') return [];
    const end = edges.slice(index).find((one) => one.edge === 'end' && one.fault === edge.fault && one.on === edge.on);
    const { fault, on, at, aheadMs = 0 } = edge;
    return [{ fault, on, from: at, to: end?.at ?? Infinity, aheadMs }];
  });
}

/** Faults in which a store loses all its data, or its last writes. */
export const LOSSES: readonly FaultKind[] = ['store-killed', 'store-flushed', 'failover'];

/** Faults that separate the store from all pods or from one. */
export const SEPARATIONS: readonly FaultKind[] = [
  ...LOSSES,
  'store-hung',
  'store-slow',
  'pod-partitioned',
  'pod-stopped',
];

/** Whether a span, extended at its end by `slackMs`, overlaps a period. */
export function overlaps(
  { from, to }: Pick<FaultSpan, 'from' | 'to'>,
  other: { readonly from: number; readonly to: number },
  slackMs: number = 0,
): boolean {
  return from <= other.to && to + slackMs >= other.from;
}

/** How far ahead of the true time the store's clock was at a time, ms. */
export function aheadAt(spans: readonly FaultSpan[], at: number): number {
  return spans.find(({ fault, from, to }) => fault === 'clock' && from <= at && at < to)?.aheadMs ?? 0;
}
