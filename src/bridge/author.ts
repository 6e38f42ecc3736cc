import type { PodId } from '../health/index.ts';

/** Author of stored results, by the pod id at their end. */
export type Author = 'this pod' | 'a pod of ours' | 'LiteLLM' | 'unknown author';

/**
 * LiteLLM's pod ids are `pod_` and the start time in ms; allswell's have a random suffix after that.
 *
 * @example
 * authorOf('pod_1795345939105', 'pod_1795348600000_abcdef') // 'LiteLLM'
 */
export function authorOf(checkedBy: string | null, self: PodId): Author {
  if (checkedBy === self) return 'this pod';
  if (checkedBy !== null && /^pod_\d{10,16}$/.test(checkedBy)) return 'LiteLLM';
  return checkedBy !== null && /^pod_\d{10,16}_[a-z0-9]+$/.test(checkedBy) ? 'a pod of ours' : 'unknown author';
}
