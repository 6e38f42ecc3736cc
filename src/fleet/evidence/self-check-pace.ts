import type { FleetTarget } from '../options.ts';

/**
 * Limit of the doublings of both waits: between unbilled checks, and between own probes, which starts at one interval.
 */
export const MAX_DOUBLINGS = 4;

/** Waits until the next unbilled check and the next own probe of a target that only this pod fails to reach. */
export interface SelfCheckPace {
  readonly doublings: number;
  /** Own probes that failed. */
  readonly probes: number;
  /** Earliest time of the next own probe, monotonic clock. */
  readonly probeAtMs: number;
}

/** Doubles the wait between unbilled checks. */
export function slower<P extends SelfCheckPace>(pace: P): P {
  return { ...pace, doublings: Math.min(pace.doublings + 1, MAX_DOUBLINGS) };
}

/** Pace after a failed own probe: the next one is due after 1, 2, 4, 8, then 16 intervals. */
export function probed<P extends SelfCheckPace>(pace: P, target: FleetTarget, nowMs: number): P {
  const probes = pace.probes + 1;
  return { ...pace, probes, probeAtMs: nowMs + probeWaitMs(target, probes) };
}

/** Wait until the next unbilled check. */
export function checkWaitMs({ intervalMs }: FleetTarget, edgeIntervalMs: number, doublings: number): number {
  return Math.min(edgeIntervalMs, intervalMs) * 2 ** doublings;
}

/**
 * Time for which an ended local failure keeps its pace: long enough for this pod to probe the target again, and to fail
 * again if the unbilled check was wrong.
 */
export function rememberedMs(target: FleetTarget, edgeIntervalMs: number, { probes }: SelfCheckPace): number {
  const probingMs = probes === 0 ? 0 : 2 * probeWaitMs(target, probes);
  return Math.max(checkWaitMs(target, edgeIntervalMs, MAX_DOUBLINGS), 2 * target.intervalMs, probingMs);
}

function probeWaitMs({ intervalMs }: FleetTarget, probes: number): number {
  return intervalMs * 2 ** Math.min(probes - 1, MAX_DOUBLINGS);
}
