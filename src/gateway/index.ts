export { createGateway, isGatewayPath } from './gateway.ts';
export type { GatewayOptions } from './gateway.ts';
