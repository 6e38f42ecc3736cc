export { isInForce } from './hold-replica.ts';
export type { HoldReplica } from './hold-replica.ts';
export { Replica } from './replica.ts';
export type { SeenLease } from './replica.ts';
export { ReplicaLag } from './replica-lag.ts';
export { Replicator } from './replicator.ts';
