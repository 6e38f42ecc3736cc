export type { ExchangeAnswer, TransportRequest } from './exchange.ts';
export { createUpstreamPools } from './pool.ts';
export type {
  PooledControl,
  PooledHandler,
  PooledRequest,
  ResponseHeaders,
  UpstreamPoolOptions,
  UpstreamPools,
} from './pool.ts';
export type { UpstreamFault, FaultClass, Phase } from '../system/index.ts';
export { createTransport } from './transport.ts';
export type { Connected, ConnectRequest, Transport, TransportOptions } from './transport.ts';
