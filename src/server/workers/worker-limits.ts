import type { AllswellConfig } from '../../config/index.ts';

/**
 * The configuration with what one of several workers may take from clients: an equal part of requests in flight, of
 * bytes of bodies and of connections, rounded up, because memory and descriptors are those of the pod. A limit by worker is not divided.
 */
export function limitsOfWorker(config: AllswellConfig, workers: number): AllswellConfig {
  const { maxInFlight, maxInFlightOf, maxBufferedBytes, maxConnections } = config.gateway;
  return {
    ...config,
    gateway: {
      ...config.gateway,
      maxInFlight: maxInFlightOf === 'worker' ? maxInFlight : Math.ceil(maxInFlight / workers),
      maxBufferedBytes: Math.ceil(maxBufferedBytes / workers),
      maxConnections: Math.ceil(maxConnections / workers),
    },
  };
}
