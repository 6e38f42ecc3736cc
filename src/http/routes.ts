export * from './table/index.ts';
export * as fleetRoute from './table/fleet-routes.ts';
export * as healthRoute from './table/health-routes.ts';
export * as holdRoute from './table/hold-routes.ts';
export * as modelRoute from './table/model-routes.ts';
export * as podRoute from './table/pod-routes.ts';
