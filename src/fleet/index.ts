export { createFleet } from './fleet.ts';
export type { Fleet } from './fleet.ts';
export type { FleetOptions, FleetPorts, FleetSettings, FleetTarget } from './options.ts';
