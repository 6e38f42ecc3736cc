export { callableDeployments, createCutOff, createForwarding, createPodLoad } from './forwarding/index.ts';
export type { ForwardingOptions } from './forwarding/index.ts';
export { forwardingRoutes } from './forwarding-routes.ts';
export { createGateway } from './gateway.ts';
export type { GatewayOptions } from './gateway.ts';
export { modelRoutes } from './model-routes.ts';
