import { isDeepStrictEqual } from 'node:util';
import type { AllswellConfig } from '../../config/index.ts';

export interface SplitSettings {
  /** The new configuration, with what cannot change while the pod runs as it was. */
  readonly config: AllswellConfig;
  /** Settings that differ and take a restart, by their names in the file. */
  readonly needRestart: readonly string[];
}

/**
 * What a running pod can take of another configuration. Its store and its place in the fleet are made once: another
 * Redis, another name or another kind of sharing is another pod.
 */
export function keepRestartSettings(running: AllswellConfig, next: AllswellConfig): SplitSettings {
  const kept = {
    file: running.file,
    fleet: running.fleet,
    redis: running.redis,
    cacheNamespace: running.cacheNamespace,
    bridge: running.bridge,
    storeDeadlineMs: running.storeDeadlineMs,
    logLevel: running.logLevel,
    stateDir: running.stateDir,
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
  ['storeDeadlineMs', 'fleet_health.store_deadline'],
  ['logLevel', 'set_verbose'],
  ['stateDir', 'fleet_health.state_dir'],
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
