import type { PodId } from '../health/index.ts';
import type { Clock, Random } from '../ports/index.ts';

/**
 * A new pod id: LiteLLM's prefix and start time, and six random characters, because pods of one rollout start in the
 * same millisecond.
 *
 * @example
 * newPodId(clock, random) // 'pod_1795348661000_k3x9qa'
 */
export function newPodId(clock: Pick<Clock, 'wallMs'>, random: Pick<Random, 'id'>): PodId {
  return `pod_${Math.floor(clock.wallMs())}_${random.id(6)}`;
}
