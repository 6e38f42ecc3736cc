export { endpointOf } from './endpoint.ts';
export type { Endpoint, Reachable } from './endpoint.ts';
