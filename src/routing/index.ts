export type { EjectionCause, EjectionEnd, RoutingEvents } from './events.ts';
export { wholeLimits } from './limits/whole-limits.ts';
export { createRouter } from './router.ts';
export type { RouterOptions } from './router.ts';
export type * from './types.ts';
