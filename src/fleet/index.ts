export { createFleet } from './fleet.ts';
export type { Fleet } from './fleet.ts';
export { policyHashOf, targetsHashOf } from './hashes.ts';
export type { HashedTarget } from './hashes.ts';
export type { FleetOptions, FleetPorts, FleetReload, FleetSettings, FleetTarget, PaidTarget } from './options.ts';
