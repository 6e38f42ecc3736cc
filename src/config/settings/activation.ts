import type { Activation } from '../types.ts';

export interface ActivationInput {
  /** `background_health_checks`; undefined when nothing sets it. */
  readonly background: boolean | undefined;
  /** Where sharing is enabled; `off` also if the file says false and the environment true. */
  readonly sharing: 'config' | 'environment' | 'off';
  readonly redis: 'configured' | 'absent';
}

/**
 * The mode that results from the settings together.
 *
 * @example
 * activationOf({ background: undefined, sharing: 'environment', redis: 'configured' }).mode // 'shared'
 */
export function activationOf({ background, sharing, redis }: ActivationInput): Activation {
  // LiteLLM's Kubernetes example sets only the environment variable, and expects background checks too.
  const probing = background ?? (sharing === 'environment' && redis === 'configured');
  if (sharing === 'off') return { mode: probing ? 'independent' : 'on-demand', warnings: [] };
  if (redis === 'absent') {
    return { mode: probing ? 'independent' : 'on-demand', warnings: [withoutRedis] };
  }
  if (probing) return { mode: 'shared', warnings: [] };
  return { mode: 'on-demand-shared', warnings: background === undefined ? [withoutBackground] : [] };
}

const withoutRedis =
  'Shared health checks are requested but Redis is not configured: this pod does not share health. ' +
  'Set REDIS_HOST, litellm_settings.cache_params or general_settings.coordination_redis.';

const withoutBackground =
  'use_shared_health_check is true but background_health_checks is not set: targets are probed only on request, ' +
  'once for the whole fleet. Set general_settings.background_health_checks: true to probe at the interval.';
