import type { Activation } from '../types.ts';

export interface ActivationInput {
  /** `background_health_checks`; undefined when nothing sets it. */
  readonly background: boolean | undefined;
  /** Who asked for sharing; `nobody` also when the file says false over the environment's true. */
  readonly sharing: 'config' | 'environment' | 'nobody';
  readonly redis: 'configured' | 'absent';
}

/**
 * What the switches mean together.
 *
 * @example
 * activationOf({ background: undefined, sharing: 'environment', redis: 'configured' }).mode // 'shared'
 */
export function activationOf({ background, sharing, redis }: ActivationInput): Activation {
  // The environment alone is all that the Kubernetes example of the source document sets: it means the whole feature.
  const probing = background ?? (sharing === 'environment' && redis === 'configured');
  if (sharing === 'nobody') return { mode: probing ? 'independent' : 'on-demand', warnings: [] };
  if (redis === 'absent') {
    return { mode: probing ? 'independent' : 'on-demand', warnings: [withoutRedis] };
  }
  if (probing) return { mode: 'shared', warnings: [] };
  return { mode: 'on-demand-shared', warnings: background === undefined ? [withoutBackground] : [] };
}

const withoutRedis =
  'Shared health checks are requested but Redis is not configured: this pod works alone. ' +
  'Set REDIS_HOST, litellm_settings.cache_params or general_settings.coordination_redis.';

const withoutBackground =
  'use_shared_health_check is true but background_health_checks is not set: targets are probed only when somebody asks, ' +
  'then once for the whole fleet. Set general_settings.background_health_checks: true to probe at the interval.';
