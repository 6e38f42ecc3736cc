export type { HoldBook } from './hold-replica.ts';
export { FleetView } from './replica.ts';
export type { SeenLease } from './replica.ts';
export { Follower } from './replicator.ts';
