export { createTrafficIntake } from './intake.ts';
export type { TrafficIntake } from './intake.ts';
export type { EventProblem } from './event-problems.ts';
export { createUnprobedTraffic } from './unprobed-traffic.ts';
export type { UnprobedTraffic } from './unprobed-traffic.ts';
export { MAX_BATCH_BYTES } from './intake-limits.ts';
