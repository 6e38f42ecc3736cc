import type { SetupBody } from '../../api/index.ts';
import type { AdminOptions } from '../admin-options.ts';

/** What this pod was told about sharing, for whoever wonders why it does not. */
export function setupOf({ config, evictionPolicy }: Pick<AdminOptions, 'config' | 'evictionPolicy'>): SetupBody {
  return {
    health_checks: config.activation.mode,
    sharing_requested: config.sharingRequested,
    redis_configured: config.redis !== null,
    litellm_bridge: config.bridge === 'on',
    eviction_policy: evictionPolicy(),
  };
}
