export { exampleTarget } from './example-target.ts';
export { manualClock } from './manual-clock.ts';
export type { ManualClock } from './manual-clock.ts';
export { memoryFleet } from '../store/memory/index.ts';
export * from './mock-upstream/index.ts';
export { realClock } from './real-clock.ts';
export * from './redis-server/index.ts';
export { until } from './until.ts';
export type { UntilOptions } from './until.ts';
