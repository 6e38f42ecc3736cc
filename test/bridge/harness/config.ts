import { SECRETS } from '../../fleet/harness/index.ts';
import type { ModelEntry } from '../../fleet/harness/index.ts';
import type { RedisTarget } from '../../../src/ports/index.ts';

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
  /** What `router_settings` says of a Redis: nothing, the one of all the rest, or one of the Router's own. */
  readonly routerRedis?: 'unset' | 'same' | 'own';
  readonly namespace?: string;
}

/** Where the things are that a configuration speaks of. */
export interface Places {
  /** The upstream's ports; an entry names one by its place. */
  readonly upstreamPorts: readonly number[];
  readonly redisPort: number;
  readonly routerRedisPort: number;
  /** Nodes of a Redis Cluster, in the place of the one server. */
  readonly clusterNodes?: readonly { readonly host: string; readonly port: number }[] | undefined;
  /** Sentinels and the name of their master, in the place of the one server. */
  readonly sentinel?: Extract<RedisTarget, { readonly kind: 'sentinel' }> | undefined;
}

/** The file's text: JSON, which is YAML. */
export function sharedConfigText(config: SharedConfig, places: Places): string {
  const { models, interval, general, router, litellm, fleetHealth, redisIn = 'cache_params', namespace } = config;
  const redis = {
    ...addressOf(places),
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
    router_settings: { num_retries: 0, ...redisOfRouter(config, places), ...router },
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

function addressOf({ redisPort, clusterNodes, sentinel }: Places): Readonly<Record<string, unknown>> {
  if (clusterNodes !== undefined) return { redis_startup_nodes: clusterNodes };
  if (sentinel === undefined) return { host: '127.0.0.1', port: redisPort };
  return { service_name: sentinel.name, sentinel_nodes: sentinel.sentinels.map(({ host, port }) => [host, port]) };
}

function redisOfRouter({ routerRedis = 'unset' }: SharedConfig, places: Places): Readonly<Record<string, unknown>> {
  if (routerRedis === 'unset') return {};
  const port = routerRedis === 'own' ? places.routerRedisPort : places.redisPort;
  return { redis_host: '127.0.0.1', redis_port: port, redis_password: SECRETS.redisPassword };
}

function modelEntry({ model, group, port = 0, params, info }: ModelEntry, { upstreamPorts }: Places): unknown {
  const apiBase = `http://127.0.0.1:${upstreamPorts[port]}/v1`;
  return {
    model_name: group ?? model,
    litellm_params: { model: `openai/${model}`, api_base: apiBase, api_key: SECRETS.upstreamKey, ...params },
    ...(info && { model_info: info }),
  };
}
