import { createAdmin } from '../../admin/index.ts';
import type { AdminOptions } from '../../admin/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import { createGateway, forwardingRoutes } from '../../gateway/index.ts';
import { createApp, createIdentify } from '../../http/index.ts';
import type { Handle, HotHandler } from '../../http/index.ts';
import type { Logger } from '../../ports/index.ts';
import { probeRequestOf } from '../../probe/index.ts';
import { withSecurityHeaders } from './hot-path.ts';
import { healthOnlyTable, routeTable } from './route-table.ts';

export interface HttpHandlerOptions extends Omit<AdminOptions, 'config' | 'showRequest' | 'routes'> {
  readonly config: AllswellConfig;
  readonly logger: Logger;
  /** Default: all. */
  readonly endpoints?: EndpointGroup;
  /** Answers the endpoints that ask a model, with security headers; not for the endpoint group `health`. */
  readonly forwarding?: HotHandler;
  /** Further handlers of the byte path, called before it. Default: none. */
  readonly hot?: readonly HotHandler[];
}

/** The request handlers of a listener. They hold no state that a reload must keep: each configuration gets new ones. */
export interface HttpHandlers {
  /** The router. */
  readonly handle: Handle;
  /** Called before the router, in this order. */
  readonly hot: readonly HotHandler[];
}

/** `health`: without the model list and requests to models, for a pod beside another gateway. */
export type EndpointGroup = 'all' | 'health';

/** Creates the handlers of all HTTP requests of a pod. */
export function createHttpHandlers(options: HttpHandlerOptions): HttpHandlers {
  const { config, fleet, logger, traffic } = options;
  const requests = new Map(config.targets.map((target) => [target.id, probeRequestOf(target)]));
  const withModels = options.endpoints !== 'health';
  const offered = withModels ? routeTable : healthOnlyTable;
  const admin = createAdmin({ ...options, routes: offered, showRequest: (id) => requests.get(id) });
  const { deployments, listed, routing } = config;
  const { aliases, hiddenAliases } = routing;
  const gateway = withModels ? createGateway({ deployments, fleet, listed, aliases, hiddenAliases }) : [];
  const { hot = [], forwarding } = options;
  const forwards = withModels && forwarding !== undefined;
  const handle = createApp({
    routes: [...admin, ...gateway],
    elsewhere: forwards ? forwardingRoutes : [],
    identify: createIdentify(config),
    metricsAuth: config.metricsAuth,
    upAuth: config.upAuth,
    traffic,
    logger,
  });
  const secured = hot.map(withSecurityHeaders);
  return { handle, hot: forwards ? [...secured, forwarding] : secured };
}
