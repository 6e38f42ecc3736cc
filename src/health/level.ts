/** Depth of a probe. Traffic counts as `inference`. */
export type Level = 'connect' | 'models' | 'inference';

/** All levels, cheapest first. */
export const LEVELS: readonly Level[] = ['connect', 'models', 'inference'];

const depths: Record<Level, number> = { connect: 1, models: 2, inference: 3 };

/** True if `level` is as deep as `other` or deeper: then evidence at `level` also counts at `other`. */
export function reaches(level: Level, other: Level): boolean {
  return depths[level] >= depths[other];
}
