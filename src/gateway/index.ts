export { createGateway } from './gateway.ts';
export type { GatewayOptions } from './gateway.ts';
export { modelRoutes } from './model-routes.ts';
