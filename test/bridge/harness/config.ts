import { SECRETS } from '../../fleet/harness/index.ts';
import type { ModelEntry } from '../../fleet/harness/index.ts';

/** A `proxy_config.yaml` that LiteLLM's pods and ours are both started with. */
export interface SharedConfig {
  readonly models: readonly ModelEntry[];
  /** `health_check_interval`, s. */
  readonly interval: number;
  readonly general?: Readonly<Record<string, unknown>>;
  readonly router?: Readonly<Record<string, unknown>>;
  /** `litellm_settings` beside the cache. */
  readonly litellm?: Readonly<Record<string, unknown>>;
  /** Ours alone. */
  readonly fleetHealth?: Readonly<Record<string, unknown>>;
  /** Which block names the Redis. */
  readonly redisIn?: 'cache_params' | 'coordination_redis';
  readonly namespace?: string;
}

/** Where the things are that a configuration speaks of. */
export interface Places {
  readonly apiBase: string;
  readonly redisPort: number;
}

/** The file's text: JSON, which is YAML. */
export function sharedConfigText(config: SharedConfig, places: Places): string {
  const { models, interval, general, router, litellm, fleetHealth, redisIn = 'cache_params', namespace } = config;
  const redis = {
    host: '127.0.0.1',
    port: places.redisPort,
    password: SECRETS.redisPassword,
    ...(namespace !== undefined && { namespace }),
  };
  const coordination = redisIn === 'coordination_redis' && { coordination_redis: redis };
  return JSON.stringify({
    model_list: models.map((entry) => modelEntry(entry, places)),
    general_settings: {
      master_key: SECRETS.masterKey,
      background_health_checks: true,
      use_shared_health_check: true,
      health_check_interval: interval,
      ...coordination,
      ...general,
    },
    router_settings: { num_retries: 0, ...router },
    // An answer out of a cache would be no request at the upstream.
    litellm_settings: {
      ...(redisIn === 'cache_params' && {
        cache: true,
        cache_params: { type: 'redis', mode: 'default_off', ...redis },
      }),
      ...litellm,
    },
    ...(fleetHealth && { fleet_health: fleetHealth }),
  });
}

function modelEntry({ model, group, params, info }: ModelEntry, { apiBase }: Places): unknown {
  return {
    model_name: group ?? model,
    litellm_params: { model: `openai/${model}`, api_base: apiBase, api_key: SECRETS.upstreamKey, ...params },
    ...(info && { model_info: info }),
  };
}
