import { createWindow } from '../health/index.ts';
import type { TargetId, TrafficWindow } from '../health/index.ts';

/** Most windows in one pod: at 40 kB each at most, 80 MB. */
export const MOST_WINDOWS = 2_000;

/** One window for each reporter and target, in bounded memory: beyond the most, the one used longest ago is forgotten. */
export interface ObservationWindows {
  of(reporter: string, target: TargetId): TrafficWindow;
  /** Forgets the windows of all other targets. */
  keep(targets: ReadonlySet<TargetId>): void;
}

export function createObservationWindows(most: number = MOST_WINDOWS): ObservationWindows {
  // In the order of their use.
  const windows = new Map<string, { readonly target: TargetId; readonly window: TrafficWindow }>();
  return {
    of: (reporter, target) => {
      // A reporter's name has no space.
      const key = `${reporter} ${target}`;
      const found = windows.get(key) ?? { target, window: createWindow() };
      windows.delete(key);
      windows.set(key, found);
      const [oldest] = windows.keys();
      if (windows.size > most && oldest !== undefined) windows.delete(oldest);
      return found.window;
    },
    keep: (targets) => {
      for (const [key, { target }] of windows) if (!targets.has(target)) windows.delete(key);
    },
  };
}
