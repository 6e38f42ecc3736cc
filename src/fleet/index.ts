export { createFleet } from './fleet.ts';
export type { Fleet } from './fleet.ts';
export type { FleetOptions, FleetPorts, FleetReload, FleetSettings, FleetTarget, PaidTarget } from './options.ts';
