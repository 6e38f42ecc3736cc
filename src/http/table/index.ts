import type { Route } from '../route.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { holdRoutes } from './hold-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { podRoutes } from './pod-routes.ts';

/** Every route of a pod. A handler is bound to each; a test counts them. */
export const routeTable: readonly Route[] = [
  ...healthRoutes,
  ...fleetRoutes,
  ...holdRoutes,
  ...modelRoutes,
  ...podRoutes,
];
