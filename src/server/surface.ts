import { createAdmin } from '../admin/index.ts';
import type { AdminOptions } from '../admin/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import { createGateway } from '../gateway/index.ts';
import { createApp, createIdentify, routeTable } from '../http/index.ts';
import type { Handle } from '../http/index.ts';
import type { Logger } from '../ports/index.ts';
import { probeRequestOf } from '../probe/index.ts';

export interface SurfaceOptions extends Omit<AdminOptions, 'config' | 'showRequest' | 'routes'> {
  readonly config: AllswellConfig;
  readonly logger: Logger;
  /** By default all. */
  readonly offering?: Offering;
}

/** `health`: no models, for a pod that stands beside another gateway. */
export type Offering = 'all' | 'health';

/** All that a pod answers over HTTP. */
export function createSurface(options: SurfaceOptions): Handle {
  const { config, fleet, logger, traffic } = options;
  const requests = new Map(config.targets.map((target) => [target.id, probeRequestOf(target)]));
  const withModels = options.offering !== 'health';
  const offered = routeTable.filter(({ group }) => withModels || group !== 'Models');
  const admin = createAdmin({ ...options, routes: offered, showRequest: (id) => requests.get(id) });
  const { deployments, listed } = config;
  const gateway = withModels ? createGateway({ deployments, fleet, listed }) : [];
  return createApp({
    routes: [...admin, ...gateway],
    identify: createIdentify(config),
    metricsAuth: config.metricsAuth,
    traffic,
    logger,
  });
}
