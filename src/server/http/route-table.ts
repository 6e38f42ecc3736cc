import { fleetRoutes, healthRoutes, holdRoutes, podRoutes, trafficRoutes } from '../../admin/index.ts';
import { modelRoutes } from '../../gateway/index.ts';
import type { Route } from '../../http/index.ts';

/** Every route of a pod, in the order of the reference page. A test counts the handlers bound to them. */
export const routeTable: readonly Route[] = [
  ...healthRoutes,
  ...fleetRoutes,
  ...holdRoutes,
  ...trafficRoutes,
  ...modelRoutes,
  ...podRoutes,
];

/** The routes of a pod beside another gateway: all except the model list. */
export const healthOnlyTable: readonly Route[] = routeTable.filter((route) => !modelRoutes.includes(route));
