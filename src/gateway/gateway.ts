import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import type { Deployment } from '../config/index.ts';
import { detailAnswer, jsonAnswer, methodNotAllowed, notFound } from '../http/index.ts';
import type { KeyGate } from '../http/index.ts';
import { modelOf } from './models.ts';

export interface GatewayOptions {
  readonly deployments: readonly Deployment[];
  readonly gate: KeyGate;
}

/** The OpenAI-compatible side: what clients of models ask for. */
export function createGateway({
  deployments,
  gate,
}: GatewayOptions): (request: Request) => Response | Promise<Response> {
  const app = new Hono();
  const keyed: MiddlewareHandler = async (context, next) => gate(context.req.raw.headers) ?? (await next());
  const groups = [...new Set(deployments.map(({ modelName }) => modelName))];

  for (const path of ['/v1/models', '/models']) {
    app.get(path, keyed, () => jsonAnswer({ data: groups.map(modelOf), object: 'list' }));
    // Group names may hold slashes, so the rest of the path is the name.
    app.get(`${path}/:name{.+}`, keyed, ({ req }) => {
      const name = req.param('name');
      if (groups.includes(name)) return jsonAnswer(modelOf(name));
      return detailAnswer(404, `The model \`${name}\` does not exist or is not accessible`);
    });
    for (const any of [path, `${path}/:name{.+}`]) app.all(any, () => methodNotAllowed('GET'));
  }
  app.notFound(notFound);
  return (request) => app.fetch(request);
}

/** Whether a path belongs to the OpenAI-compatible side. */
export function isGatewayPath(path: string): boolean {
  return path.startsWith('/v1/') || path === '/models' || path.startsWith('/models/');
}
