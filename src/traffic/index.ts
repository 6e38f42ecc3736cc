export { createTrafficIntake } from './intake.ts';
export type { TrafficIntake } from './intake.ts';
export { MAX_BATCH_BYTES } from './intake-limits.ts';
