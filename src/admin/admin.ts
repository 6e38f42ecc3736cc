import type { BacklogBody, EchoBody, RootBody, LicenseBody, CallbacksBody, SharedStatusBody } from '../api/index.ts';
import { bind, expositionAnswer, jsonAnswer, openapiDocument } from '../http/index.ts';
import type { BoundRoute } from '../http/index.ts';
import type { AdminOptions } from './admin-options.ts';
import { dashboardEndpoints } from './dashboard/dashboard-endpoints.ts';
import { activeCallbacks, license } from '../litellm/index.ts';
import { alertEndpoints } from './alerts/alert-endpoints.ts';
import { createDrain } from './pod/drain.ts';
import { fleetEndpoints } from './fleet/fleet-endpoints.ts';
import { createHealthEndpoint } from './health/health-endpoint.ts';
import * as healthRoute from './health/health-routes.ts';
import { history, latest } from './health/history.ts';
import { createBudgetReader } from './history/read-slo.ts';
import { sloEndpoint } from './history/slo.ts';
import { fleetHistoryEndpoints } from './history/fleet-history.ts';
import { holdEndpoints } from './holds/holds.ts';
import { liveness, options, readiness, readinessDetails } from './pod/liveness.ts';
import * as podRoute from './pod/pod-routes.ts';
import { testService } from './pod/services.ts';
import { sharedStatus } from './health/shared-status.ts';
import { createTestConnection } from './health/test-connection.ts';
import { litellmEventsEndpoint } from './traffic/litellm-events.ts';
import { observationsEndpoint } from './traffic/observations.ts';
import { statusEndpoints } from './status/status-endpoints.ts';
import { upEndpoints } from './up/up-endpoints.ts';

/** Everything but the models: `/health*`, `/fleet*`, `/metrics`. Reads the fleet view; nothing waits for the store. */
export function createAdmin(admin: AdminOptions): readonly BoundRoute[] {
  return [
    ...healthRoutes(admin),
    ...podRoutes(admin),
    // Before `/fleet/targets/{id}`, which fits its path too.
    ...upEndpoints(admin),
    ...fleetEndpoints(admin),
    ...holdEndpoints(admin),
    ...alertEndpoints(admin),
    ...fleetHistoryEndpoints(admin),
    sloEndpoint(admin),
    litellmEventsEndpoint(admin),
    observationsEndpoint(admin),
    ...dashboardEndpoints(admin),
    ...statusEndpoints(admin),
  ];
}

function healthRoutes(admin: AdminOptions): BoundRoute[] {
  const { fleet, config } = admin;
  const health = createHealthEndpoint(admin);
  const testConnection = createTestConnection(admin);
  return [
    bind(healthRoute.health, async ({ query, caller, signal }) => await health(query, { caller, signal })),
    bind(healthRoute.history, async ({ query }) => await history(admin, query)),
    bind(healthRoute.latest, () => latest(admin)),
    bind(healthRoute.sharedStatus, () => jsonAnswer<SharedStatusBody>(sharedStatus(fleet, config))),
    bind(healthRoute.license, () => jsonAnswer<LicenseBody>(license)),
    bind(healthRoute.services, ({ query, caller }) => testService(query.service, caller)),
    bind(healthRoute.testConnection, async ({ body, signal }) => await testConnection(body, signal)),
  ];
}

function podRoutes(admin: AdminOptions): BoundRoute[] {
  const { config, isStopping, requests, routes, scrape, scrapeFleet, traffic, version } = admin;
  const details = (): Response => readinessDetails(isStopping, { config, version });
  const drain = createDrain(admin);
  const budgets = createBudgetReader(admin, admin.clock);
  const document = JSON.stringify(openapiDocument(routes, version));
  return [
    bind(healthRoute.liveness, () => liveness(isStopping)),
    bind(healthRoute.readiness, () => (config.readiness === 'detailed' ? details() : readiness(isStopping))),
    bind(healthRoute.readinessDetails, details),
    bind(healthRoute.probeOptions, options),
    bind(healthRoute.backlog, () => {
      const waiting = { admitted_requests: 0, queued_requests: 0 };
      const rejected = requests.refusedInAll();
      return jsonAnswer<BacklogBody>({ in_flight_requests: traffic.inFlight, ...waiting, rejected_requests: rejected });
    }),
    bind(healthRoute.drain, async ({ headers }) => await drain(headers)),
    bind(podRoute.callbacks, () => jsonAnswer<CallbacksBody>(activeCallbacks)),
    bind(podRoute.root, () => jsonAnswer<RootBody>('LiteLLM: RUNNING')),
    bind(podRoute.test, () => jsonAnswer<EchoBody>({ route: '/test' })),
    bind(podRoute.metrics, async ({ headers }) => await expositionAnswer(await scrape(), headers)),
    bind(
      podRoute.fleetMetrics,
      async ({ headers }) => await expositionAnswer(await scrapeFleet(await budgets()), headers),
    ),
    bind(podRoute.openapi, () => new Response(document, { headers: { 'content-type': 'application/json' } })),
  ];
}
