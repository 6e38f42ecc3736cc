import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import { detailAnswer, jsonAnswer, methodNotAllowed, notFound } from '../http/index.ts';
import type { AdminOptions } from './admin-options.ts';
import { fleetPage } from './fleet-page.ts';
import { createHealthEndpoint } from './health-endpoint.ts';
import { options, liveness, readiness } from './liveness.ts';
import { sharedStatus } from './shared-status.ts';

/** Answers one request. */
export type Handle = (request: Request) => Response | Promise<Response>;

/** Everything but the models: `/health*`, `/fleet` and `/metrics`. Reads the fleet view; nothing waits for the store. */
export function createAdmin({
  fleet,
  config,
  gate,
  redact,
  scrape,
  isStopping,
  logger,
  showRequest,
}: AdminOptions): Handle {
  const app = new Hono();
  const keyed: MiddlewareHandler = async (context, next) => gate(context.req.raw.headers) ?? (await next());
  const health = createHealthEndpoint({ fleet, config, redact, showRequest });

  app.get('/health', keyed, async ({ req }) => {
    const asked = { model: req.query('model') || undefined, modelId: req.query('model_id') || undefined };
    return await health(asked, req.raw.signal);
  });
  app.get('/health/shared-status', keyed, () => jsonAnswer(sharedStatus(fleet, config)));
  app.get('/fleet', keyed, () => jsonAnswer(fleetPage(fleet, config.targets, config.deployments, redact)));
  const maybeKeyed: MiddlewareHandler = config.metricsAuth === 'key' ? keyed : async (_context, next) => await next();
  app.get('/metrics', maybeKeyed, async () => {
    const { text, contentType } = await scrape();
    return new Response(text, { headers: { 'content-type': contentType } });
  });
  for (const path of ['/health', '/health/shared-status', '/fleet', '/metrics']) {
    app.all(path, () => methodNotAllowed('GET'));
  }

  for (const path of ['/health/liveliness', '/health/liveness']) app.get(path, () => liveness(isStopping));
  app.get('/health/readiness', () => readiness(isStopping));
  for (const path of ['/health/liveliness', '/health/liveness', '/health/readiness']) {
    app.options(path, options);
    app.all(path, () => methodNotAllowed('GET, OPTIONS'));
  }

  app.notFound(notFound);
  app.onError((error) => {
    logger.error(`A request failed: ${error.message}`);
    return detailAnswer(500, 'Internal Server Error');
  });
  return (request) => app.fetch(request);
}
