export type { EjectionCause, EjectionEnd, RoutingEvents } from './events.ts';
export { createLeasedLimits } from './limits/leased-limits.ts';
export type { LeasedLimits, LeasedLimitsOptions } from './limits/leased-limits.ts';
export { readableLimits } from './limits/readable-limits.ts';
export { wholeLimits } from './limits/whole-limits.ts';
export { createRouter } from './router.ts';
export type { RouterOptions } from './router.ts';
export type * from './types.ts';
