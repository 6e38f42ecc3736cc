export { FleetClientError } from '../client-error.ts';
export { elapsedMs, moment } from '../elapsed.ts';
export type { Moment } from '../elapsed.ts';
export { followFleet } from './follow-fleet.ts';
export type { FleetFollower, FollowOptions } from './follow-fleet.ts';
