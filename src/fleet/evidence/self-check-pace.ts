import type { FleetTarget } from '../options.ts';

/** Of the wait between free looks, and of the one between own probes, which begins at one interval. */
export const MAX_DOUBLINGS = 4;

/** How long the next free look and the next own probe of a doubting pod wait. */
export interface SelfCheckPace {
  readonly doublings: number;
  /** Own probes that failed. */
  readonly probes: number;
  /** No own probe before that, by the monotonic clock. */
  readonly probeAtMs: number;
}

/** Each free look waits twice as long as the one before. */
export function slower<P extends SelfCheckPace>(pace: P): P {
  return { ...pace, doublings: Math.min(pace.doublings + 1, MAX_DOUBLINGS) };
}

/** Once an own probe failed: the next one comes after 1, 2, 4, 8, then 16 intervals. */
export function probed<P extends SelfCheckPace>(pace: P, target: FleetTarget, nowMs: number): P {
  const probes = pace.probes + 1;
  return { ...pace, probes, probeAtMs: nowMs + probeWaitMs(target, probes) };
}

/** Until the next free look. */
export function checkWaitMs({ intervalMs }: FleetTarget, edgeIntervalMs: number, doublings: number): number {
  return Math.min(edgeIntervalMs, intervalMs) * 2 ** doublings;
}

/**
 * For how long a doubt that ended is remembered: long enough for this pod to be due for the target again, and to fail
 * again if its way only seemed open.
 */
export function rememberedMs(target: FleetTarget, edgeIntervalMs: number, { probes }: SelfCheckPace): number {
  const probingMs = probes === 0 ? 0 : 2 * probeWaitMs(target, probes);
  return Math.max(checkWaitMs(target, edgeIntervalMs, MAX_DOUBLINGS), 2 * target.intervalMs, probingMs);
}

function probeWaitMs({ intervalMs }: FleetTarget, probes: number): number {
  return intervalMs * 2 ** Math.min(probes - 1, MAX_DOUBLINGS);
}
