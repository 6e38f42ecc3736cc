import type { TargetId } from '../health/index.ts';
import type { AdminConfig } from './admin-options.ts';

/** What a person may mean by one word. */
export type FoundTarget =
  | { readonly kind: 'one'; readonly id: TargetId }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly ids: readonly TargetId[] };

/** A target by its id, by the id of a deployment, or by a name: of a model group, or the upstream's own. */
export function findTarget(
  { targets, deployments }: Pick<AdminConfig, 'targets' | 'deployments'>,
  word: string,
): FoundTarget {
  if (targets.some(({ id }) => id === word)) return { kind: 'one', id: word };
  const byId = deployments.find(({ modelId, formerModelId }) => modelId === word || formerModelId === word);
  if (byId !== undefined) return { kind: 'one', id: byId.targetId };
  const named = [
    ...deployments
      .filter(({ modelName, model }) => modelName === word || model === word)
      .map(({ targetId }) => targetId),
    ...targets.filter(({ name }) => name === word).map(({ id }) => id),
  ];
  const ids = [...new Set(named)];
  const [id] = ids;
  if (id === undefined) return { kind: 'none' };
  return ids.length === 1 ? { kind: 'one', id } : { kind: 'several', ids };
}
