export type { ExchangeAnswer, TransportRequest } from './exchange.ts';
export type { UpstreamFault, FaultClass, Phase } from './fault.ts';
export { createTransport } from './transport.ts';
export type { Connected, ConnectRequest, Transport, TransportOptions } from './transport.ts';
