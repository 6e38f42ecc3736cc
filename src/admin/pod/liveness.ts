import type { LivenessBody, ReadinessBody, ReadinessDetailsBody, ShuttingDownBody } from '../../api/index.ts';
import { jsonAnswer } from '../../http/index.ts';
import type { AdminConfig, IsStopping } from '../admin-options.ts';

/** The process answers. Never depends on the store or on any upstream: neither is cured by a restart. */
export function liveness(isStopping: IsStopping): Response {
  return isStopping() ? stopping() : jsonAnswer<LivenessBody>("I'm alive!");
}

/** The pod takes requests. There is no database here; LiteLLM's field says so as its own pods without one do. */
export function readiness(isStopping: IsStopping): Response {
  return isStopping() ? stopping() : jsonAnswer<ReadinessBody>({ status: 'healthy', db: 'Not connected' });
}

/**
 * The same with LiteLLM's details, as they are true here. Its keys stay, for those who read them: the version is ours, and
 * `cache` names the Redis of health, since no answers are cached.
 */
export function readinessDetails(
  isStopping: IsStopping,
  { config, version }: { config: AdminConfig; version: string },
): Response {
  if (isStopping()) return stopping();
  const debug = config.logLevel === 'debug';
  return jsonAnswer<ReadinessDetailsBody>({
    status: 'healthy',
    db: 'Not connected',
    cache: config.redis === null ? null : 'redis',
    litellm_version: `allswell ${version}`,
    success_callbacks: [],
    use_aiohttp_transport: false,
    log_level: debug ? 'DEBUG' : 'INFO',
    is_detailed_debug: debug,
    show_no_redis_warning: config.redis === null,
    show_env_credential_login_warning: false,
  });
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
  return jsonAnswer<ShuttingDownBody>({ status: 'shutting_down' }, 503);
}
