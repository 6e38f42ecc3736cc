import {
  dashboardRoutes,
  alertRoutes,
  fleetHistoryRoutes,
  fleetRoutes,
  healthRoutes,
  holdRoutes,
  podRoutes,
  statusRoutes,
  trafficRoutes,
  upRoutes,
} from '../../admin/index.ts';
import { forwardingRoutes, modelRoutes } from '../../gateway/index.ts';
import type { Route } from '../../http/index.ts';

/** The routes that the router answers. */
export const routedTable: readonly Route[] = [
  ...healthRoutes,
  ...upRoutes,
  ...fleetRoutes,
  ...holdRoutes,
  ...alertRoutes,
  ...fleetHistoryRoutes,
  ...trafficRoutes,
  ...modelRoutes,
  ...podRoutes,
  ...dashboardRoutes,
  ...statusRoutes,
];

/** Every route of a pod, also those of the byte path, for the reference page and `/openapi.json`. */
export const routeTable: readonly Route[] = [...forwardingRoutes, ...routedTable];

/** The routes of a pod beside another gateway: none that asks for a model, or lists models. */
export const healthOnlyTable: readonly Route[] = routedTable.filter((route) => !modelRoutes.includes(route));
