export { connect } from './connect.ts';
export { FleetClientError } from './client-error.ts';
export type { FleetClientErrorCode } from './client-error.ts';
export type * from './types.ts';
