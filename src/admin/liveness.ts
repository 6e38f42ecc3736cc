import { jsonAnswer } from '../http/index.ts';

/** Whether the pod was told to stop. */
export type IsStopping = () => boolean;

/** The process answers. Never depends on the store or on any upstream: neither is cured by a restart. */
export function liveness(isStopping: IsStopping): Response {
  return isStopping() ? stopping() : jsonAnswer("I'm alive!");
}

/** The pod takes requests. There is no database here; LiteLLM's field says so as its own pods without one do. */
export function readiness(isStopping: IsStopping): Response {
  return isStopping() ? stopping() : jsonAnswer({ status: 'healthy', db: 'Not connected' });
}

/** What a browser's preflight, or a load balancer's `OPTIONS`, gets. */
export function options(): Response {
  return new Response(null, {
    headers: {
      'content-length': '0',
      allow: 'GET, OPTIONS',
      'access-control-allow-methods': 'GET, OPTIONS',
      'access-control-allow-headers': '*',
    },
  });
}

function stopping(): Response {
  return jsonAnswer({ status: 'shutting_down' }, 503);
}
