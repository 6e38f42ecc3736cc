export { StoreCircuitBreaker } from './circuit-breaker.ts';
export { FleetModeTracker } from './fleet-mode.ts';
export type { ProbePermission } from './fleet-mode.ts';
export { pointOf, readHistory } from './history.ts';
export { Incidents } from './incidents.ts';
export { createStoreClock, isAhead } from './store-clock.ts';
export type { StoreClock } from './store-clock.ts';
export { SyncTimes } from './sync-times.ts';
