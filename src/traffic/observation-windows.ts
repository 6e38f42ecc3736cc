import { createWindow } from '../health/index.ts';
import type { TargetId, TrafficWindow } from '../health/index.ts';

/** Most windows in one pod: at 40 kB each at most, 80 MB. */
export const MOST_WINDOWS = 2_000;

/** One window for each reporter and target, in bounded memory: beyond the most, the one used longest ago is forgotten. */
export interface ObservationWindows {
  of(reporter: string, target: TargetId, nowMs: number): TrafficWindow;
  /** Forgets the windows of all other targets. */
  keep(targets: ReadonlySet<TargetId>): void;
}

/** Results of this time make a verdict. */
const SPAN_MS = 60_000;

interface Used {
  readonly target: TargetId;
  readonly window: TrafficWindow;
  usedMs: number;
}

/** `lost` is called where a window is forgotten whose results could still have counted. */
export function createObservationWindows(lost: () => void, most: number = MOST_WINDOWS): ObservationWindows {
  // In the order of their use.
  const windows = new Map<string, Used>();
  const forgetOldest = (nowMs: number): void => {
    const [oldest] = windows;
    if (windows.size <= most || oldest === undefined) return;
    windows.delete(oldest[0]);
    if (nowMs - oldest[1].usedMs < SPAN_MS) lost();
  };
  return {
    of: (reporter, target, nowMs) => {
      // A reporter's name has no space.
      const key = `${reporter} ${target}`;
      const found = windows.get(key) ?? { target, window: createWindow(), usedMs: nowMs };
      found.usedMs = nowMs;
      windows.delete(key);
      windows.set(key, found);
      forgetOldest(nowMs);
      return found.window;
    },
    keep: (targets) => {
      for (const [key, { target }] of windows) if (!targets.has(target)) windows.delete(key);
    },
  };
}
