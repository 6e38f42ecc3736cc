import type { AllswellConfig } from '../../config/index.ts';

/**
 * The configuration with what one of several workers may take from clients: an equal part of requests in flight and of
 * connections, rounded up, because memory and descriptors are those of the pod.
 */
export function limitsOfWorker(config: AllswellConfig, workers: number): AllswellConfig {
  const { maxInFlight, maxConnections } = config.gateway;
  return {
    ...config,
    gateway: {
      ...config.gateway,
      maxInFlight: Math.ceil(maxInFlight / workers),
      maxConnections: Math.ceil(maxConnections / workers),
    },
  };
}
