import { isProbedRarely } from '../health/index.ts';
import type { StoreTime } from '../health/index.ts';
import type { HistoryPoint } from '../ports/index.ts';

/** What a point of the history says: all that these calculations read of it. */
export type PastPoint = Pick<HistoryPoint, 'at' | 'kind' | 'class' | 'message' | 'pod' | 'latencyMs'>;

/** Part of the time line, store time; `until` is not included. */
export interface TimeWindow {
  readonly from: StoreTime;
  readonly until: StoreTime;
}

/** State during a part of the time line. `unknown`: the history has no evidence about it. */
export type SpanState = 'up' | 'down' | 'unknown';

export interface StateSpan extends TimeWindow {
  readonly state: SpanState;
}

/** How often a target is probed, ms. */
export interface Cadence {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** `on-request`: no probe in the background, so a result says nothing about the time until the next one. */
  readonly probed: 'in-background' | 'on-request';
}

/**
 * Longest gap that the points cannot show, ms. They are changes and the first result of each hour: if probes stop and start
 * again within one hour, no point is missing.
 */
export const RESOLUTION_MS = 3_600_000;

const HOUR_US = RESOLUTION_MS * 1000;
/** Longest Retry-After that the schedule respects, ms. */
const LONGEST_QUIET_MS = 600_000;
/** Intervals until the next probe while the schedule backs off, and one more. */
const BACK_OFF_INTERVALS = 9;

/**
 * State of a target over a window, without overlap and without hole. A failed probe begins `down`, a success or a rate limit
 * begins `up`, and a rejected probe (`bad-probe`), which says nothing about health, begins `unknown`. A state lasts until the next point if that point came when continuous probing would have
 * stored it: soon after the hour began. Otherwise probes stopped, and the state counts for two intervals only.
 *
 * @example
 * const cadence = { intervalMs: 60_000, timeoutMs: 10_000, probed: 'in-background' };
 * const point = { at: 0, kind: 'ok', pod: 'pod_a', latencyMs: 200 };
 * spansOf([point], cadence, { from: 0, until: 200_000_000 });
 * // [{ from: 0, until: 130000000, state: 'up' }, { from: 130000000, until: 200000000, state: 'unknown' }]
 */
export function spansOf(
  points: readonly PastPoint[],
  cadence: Cadence,
  { from, until }: TimeWindow,
): readonly StateSpan[] {
  const ordered = inOrder(points);
  const spans: StateSpan[] = [];
  let end = from;
  const add = (state: SpanState, to: StoreTime): void => {
    if (to <= end) return;
    spans.push({ from: end, until: to, state });
    end = to;
  };
  for (const [i, point] of ordered.entries()) {
    const next = ordered[i + 1]?.at ?? Infinity;
    add('unknown', Math.min(point.at, until));
    add(stateAfter(point), Math.min(knownUntil(point, next, cadence), until));
  }
  add('unknown', until);
  return joined(spans);
}

function stateAfter({ kind, class: failure }: PastPoint): SpanState {
  if (failure === 'bad-probe') return 'unknown';
  return kind === 'failed' ? 'down' : 'up';
}

function knownUntil(point: PastPoint, next: StoreTime, cadence: Cadence): StoreTime {
  const reachUs = reachMs(point, cadence) * 1000;
  const nextHour = (Math.floor(point.at / HOUR_US) + 1) * HOUR_US;
  const isContinuous = cadence.probed === 'in-background' && next <= nextHour + reachUs;
  return isContinuous ? next : Math.min(point.at + reachUs, next);
}

/** Longest time until a running fleet has the next result, ms. */
function reachMs({ kind, class: failure }: PastPoint, { intervalMs, timeoutMs }: Cadence): number {
  const isRare = failure !== undefined && isProbedRarely(failure);
  const intervals = isRare ? BACK_OFF_INTERVALS : 2;
  return Math.ceil(intervals * intervalMs + timeoutMs + (kind === 'overloaded' ? LONGEST_QUIET_MS : 0));
}

/** By time; of points with the same time, failures last, so that the order of the input does not matter. */
function inOrder(points: readonly PastPoint[]): readonly PastPoint[] {
  const rank = (point: PastPoint): string => `${point.kind === 'failed' ? 1 : 0}${point.kind}${point.class ?? ''}`;
  return points.toSorted((a, b) => a.at - b.at || rank(a).localeCompare(rank(b)));
}

/**
 * State of a group from the spans of its targets, all over the same window. `up`: at least one target was up. `down`: all
 * were. `unknown`: none was known to be up, and not all were known to be down.
 */
export function groupSpans(
  targets: readonly (readonly StateSpan[])[],
  { from, until }: TimeWindow,
): readonly StateSpan[] {
  const changes = targets
    .flatMap((spans) => spans.map((span, i) => ({ at: span.from, to: span.state, before: spans[i - 1]?.state })))
    .toSorted((a, b) => a.at - b.at);
  const counts = { up: 0, down: 0, unknown: 0 };
  const spans: StateSpan[] = [];
  for (const [i, { at, to, before }] of changes.entries()) {
    if (before !== undefined) counts[before]--;
    counts[to]++;
    const end = changes[i + 1]?.at ?? until;
    if (end > at) spans.push({ from: at, until: end, state: stateOf(counts, targets.length) });
  }
  return spans.length === 0 && until > from ? [{ from, until, state: 'unknown' }] : joined(spans);
}

function stateOf(counts: Readonly<Record<SpanState, number>>, targets: number): SpanState {
  if (counts.up > 0) return 'up';
  return counts.down === targets ? 'down' : 'unknown';
}

/** The part of the spans within a window. */
export function clipped(spans: readonly StateSpan[], { from, until }: TimeWindow): readonly StateSpan[] {
  return spans.flatMap((span) => {
    const part = { from: Math.max(from, span.from), until: Math.min(until, span.until), state: span.state };
    return part.until > part.from ? [part] : [];
  });
}

function joined(spans: readonly StateSpan[]): readonly StateSpan[] {
  const found: StateSpan[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    const continues = last?.state === span.state && last.until === span.from;
    if (continues) found.pop();
    found.push(continues ? { ...last, until: span.until } : span);
  }
  return found;
}
