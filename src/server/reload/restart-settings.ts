import { isDeepStrictEqual } from 'node:util';
import type { AllswellConfig } from '../../config/index.ts';

export interface SplitSettings {
  /** The new configuration, with the running values of settings that need a restart. */
  readonly config: AllswellConfig;
  /** Changed settings that need a restart, by their names in the file. */
  readonly needRestart: readonly string[];
}

/**
 * Keeps the settings that a running pod cannot change: another Redis, fleet name or kind of sharing needs another pod.
 */
export function keepRestartSettings(running: AllswellConfig, next: AllswellConfig): SplitSettings {
  const kept = {
    file: running.file,
    fleet: running.fleet,
    redis: running.redis,
    cacheNamespace: running.cacheNamespace,
    bridge: running.bridge,
    routerRedis: running.routerRedis,
    storeDeadlineMs: running.storeDeadlineMs,
    logLevel: running.logLevel,
    stateDir: running.stateDir,
    envoyEdsDir: running.envoyEdsDir,
    agentCheckPort: running.agentCheckPort,
    sharingRequested: running.sharingRequested,
    activation: { ...next.activation, mode: modes[sharingOf(running)][timingOf(next)] },
  };
  const needRestart = [
    ...names.filter(([key]) => !isDeepStrictEqual(running[key], next[key])).map(([, name]) => name),
    ...(sharingOf(running) === sharingOf(next) ? [] : ['use_shared_health_check']),
  ];
  return { config: { ...next, ...kept }, needRestart: [...new Set(needRestart)] };
}

const names = [
  ['fleet', 'fleet_health.fleet'],
  ['redis', 'the Redis connection'],
  ['cacheNamespace', 'the Redis connection'],
  ['bridge', 'fleet_health.litellm_bridge'],
  ['routerRedis', 'the Redis of router_settings'],
  ['storeDeadlineMs', 'fleet_health.store_deadline'],
  ['logLevel', 'set_verbose'],
  ['stateDir', 'fleet_health.state_dir'],
  ['envoyEdsDir', 'fleet_health.envoy_eds_dir'],
  ['agentCheckPort', 'fleet_health.agent_check_port'],
  ['sharingRequested', 'use_shared_health_check'],
] as const;

function sharingOf({ activation: { mode } }: AllswellConfig): 'shared' | 'alone' {
  return mode === 'shared' || mode === 'on-demand-shared' ? 'shared' : 'alone';
}

function timingOf({ activation: { mode } }: AllswellConfig): 'background' | 'on-demand' {
  return mode === 'shared' || mode === 'independent' ? 'background' : 'on-demand';
}

const modes = {
  shared: { background: 'shared', 'on-demand': 'on-demand-shared' },
  alone: { background: 'independent', 'on-demand': 'on-demand' },
} as const;
