import type { TargetId } from '../../health/index.ts';
import type { AdminConfig } from '../admin-options.ts';

/** A model group of the configuration. */
export interface FoundGroup {
  readonly name: string;
  readonly targets: readonly TargetId[];
  /** True if a deployment of it is not probed, so that its state is never known. */
  readonly hasUnprobed: boolean;
}

/** A model group by its name or an alias; undefined for every other name. */
export function findGroup(
  { deployments, unprobed, routing }: Pick<AdminConfig, 'deployments' | 'unprobed' | 'routing'>,
  word: string,
): FoundGroup | undefined {
  const { aliases } = routing;
  const name = Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
  const targets = deployments.filter(({ modelName }) => modelName === name).map(({ targetId }) => targetId);
  const hasUnprobed = unprobed.some(({ modelName }) => modelName === name);
  return targets.length === 0 && !hasUnprobed ? undefined : { name, targets: [...new Set(targets)], hasUnprobed };
}
