export { apisByEnd, pathsOf } from './apis.ts';
export type { Api } from './apis.ts';
export { createCutOff } from './cut-off.ts';
export { createForwarding } from './handler.ts';
export type { ForwardingLimits, ForwardingOptions } from './handler.ts';
export { createPodLoad } from './pod-load.ts';
export type { PodLoad } from './pod-load.ts';
export { callableDeployments } from './upstream-calls.ts';
