/** The upstream key, the master key and the Redis password of every test fleet: none may ever be seen in an answer. */
export const SECRETS = {
  upstreamKey: 'sk-upstream-0f3b9c71d2',
  masterKey: 'sk-master-5ae81c40b7',
  redisPassword: 'redis-pass-93c1d7e0',
} as const;

/** One `model_list` entry; a bare name is a group and a model of that name on the first port. */
export interface ModelEntry {
  readonly model: string;
  /** Public name; the model's own unless given. */
  readonly group?: string;
  /** Index of the upstream's port that it is called on. */
  readonly port?: number;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly info?: Readonly<Record<string, unknown>>;
}

export type ModelList = readonly (string | ModelEntry)[];

/** What a pod's `proxy_config.yaml` says. */
export interface PodConfig {
  readonly models: ModelList;
  /** `health_check_interval`: 2 s unless given. */
  readonly interval?: number | string;
  /** More `general_settings`; one that is null is left out. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `router_settings`. */
  readonly router?: Readonly<Record<string, unknown>>;
  /** `fleet_health`. */
  readonly fleetHealth?: Readonly<Record<string, unknown>>;
}

/** Where the things are that a configuration speaks of. */
export interface Places {
  readonly upstreamPorts: readonly number[];
  readonly redisPort: number;
}

export const DEFAULT_INTERVAL_S = 2;

/** The file's text: JSON, which is YAML. */
export function configText(config: PodConfig, places: Places): string {
  const { models, interval, settings, router, fleetHealth } = config;
  const general = {
    master_key: SECRETS.masterKey,
    background_health_checks: true,
    use_shared_health_check: true,
    health_check_interval: interval ?? DEFAULT_INTERVAL_S,
    ...settings,
  };
  const said = Object.entries(general).filter(([, value]) => value !== null);
  const redis = { type: 'redis', host: '127.0.0.1', port: places.redisPort, password: SECRETS.redisPassword };
  return JSON.stringify({
    model_list: models.map((entry) => modelEntry(typeof entry === 'string' ? { model: entry } : entry, places)),
    general_settings: Object.fromEntries(said),
    litellm_settings: { cache: true, cache_params: redis },
    ...(router && { router_settings: router }),
    ...(fleetHealth && { fleet_health: fleetHealth }),
  });
}

/** Names for a list of models that are all alike. */
export function modelNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `m${i + 1}`);
}

function modelEntry({ model, group, port = 0, params, info }: ModelEntry, { upstreamPorts }: Places): unknown {
  const apiBase = `http://127.0.0.1:${upstreamPorts[port]}/v1`;
  return {
    model_name: group ?? model,
    litellm_params: { model: `openai/${model}`, api_base: apiBase, api_key: SECRETS.upstreamKey, ...params },
    ...(info && { model_info: info }),
  };
}
