export { createForwarding } from './handler.ts';
export type { ForwardingLimits, ForwardingOptions } from './handler.ts';
export { callableDeployments } from './upstream-calls.ts';
