import { counted } from '../health/index.ts';
import { keysByUse } from './schema/index.ts';
import { entryOf, child, type Node } from './yaml/index.ts';
import type { AllswellConfig, MigrationReport } from './types.ts';

/** What changes for a file of LiteLLM: in general, see the page on migrating; here only what this file is about. */
export function migrationReport(root: Node, config: AllswellConfig): MigrationReport {
  const { honoured, ignored } = keysByUse(root);
  return {
    works: byBlock(honoured),
    ignored: byBlock(ignored),
    better: better(config),
    avoided: avoided(root, config),
  };
}

/** One text for each block: `general_settings: master_key, health_check_interval`. */
function byBlock(names: readonly string[]): readonly string[] {
  const blocks = new Map<string, string[]>();
  for (const name of names) {
    const cut = name.lastIndexOf('.');
    const block = cut === -1 ? 'top level' : name.slice(0, cut);
    const keys = blocks.get(block) ?? [];
    keys.push(name.slice(cut + 1));
    blocks.set(block, keys);
  }
  return [...blocks].map(([block, keys]) => `${block}: ${keys.toSorted().join(', ')}`);
}

const LIMITS = ['rpm', 'tpm', 'maxParallel'] as const;

function better({ activation, deployments, targets, routing, litellmIntervalMs }: AllswellConfig): readonly string[] {
  const probes = `${counted(targets.length, 'probe')} per ${litellmIntervalMs / 1_000} s`;
  const hasLimits = deployments.some(({ limits }) => LIMITS.some((name) => limits[name] !== undefined));
  return [
    ...(activation.mode === 'shared'
      ? [
          `${probes} in the whole fleet; LiteLLM's pods probe ${counted(deployments.length, 'deployment')}`,
          'a failure that one pod finds is known in all pods within a second',
        ]
      : []),
    ...(deployments.length > 1 ? ['requests avoid deployments that are down, in every pod'] : []),
    ...(hasLimits ? ['rpm, tpm and max_parallel_requests hold for the whole fleet, in any minute'] : []),
    ...(Object.keys(routing.fallbacks).length > 0 ? ['a fallback is used at once where its group is down'] : []),
    'a changed file is applied without a restart',
  ];
}

function avoided(root: Node, config: AllswellConfig): readonly string[] {
  const general = child(root, 'general_settings');
  const interval = entryOf(general, 'health_check_interval')?.value;
  const isText = interval?.kind === 'scalar' && typeof interval.value === 'string' && !interval.value.includes('/');
  const { activation, litellmIntervalMs, cacheTtlMs, sharingRequested } = config;
  const background = activation.mode === 'shared' || activation.mode === 'independent';
  const seconds = (ms: number): string => `${ms / 1_000} s`;
  return [
    ...(isText ? ['health_check_interval is text: LiteLLM never begins its background checks'] : []),
    ...(activation.mode === 'shared' && litellmIntervalMs < cacheTtlMs
      ? [
          `LiteLLM probes every ${seconds(cacheTtlMs)} (DEFAULT_SHARED_HEALTH_CHECK_TTL), not every ${seconds(litellmIntervalMs)}`,
        ]
      : []),
    ...(sharingRequested && !background
      ? ['use_shared_health_check without background_health_checks: each request for health probes in each LiteLLM pod']
      : []),
    ...(activation.mode === 'independent' && !sharingRequested
      ? [
          "without use_shared_health_check every LiteLLM pod probes by itself; so do allswell's until they share a Redis",
        ]
      : []),
  ];
}
