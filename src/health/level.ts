/** How deep a probe looks, cheapest first. Traffic counts as `inference`. */
export type Level = 'connect' | 'models' | 'inference';

/** All levels, cheapest first. */
export const LEVELS: readonly Level[] = ['connect', 'models', 'inference'];

const depths: Record<Level, number> = { connect: 1, models: 2, inference: 3 };

/** Whether evidence at `level` says something about trouble seen at `trouble`: only as deep or deeper does. */
export function reaches(level: Level, failureRun: Level): boolean {
  return depths[level] >= depths[failureRun];
}
