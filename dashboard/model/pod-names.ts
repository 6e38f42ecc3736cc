import type { PodBody } from '../../src/api/index.ts';

/**
 * Names of pods by their ids. Pods on one host have one name: then the end of the id tells them apart.
 *
 * @example
 * namesOf([{ pod: 'pod_1_k3x', pod_name: 'a' }])[0][1] // 'a'
 */
export function namesOf(
  pods: readonly Pick<PodBody, 'pod' | 'pod_name'>[],
): readonly (readonly [id: string, name: string])[] {
  return pods.flatMap(({ pod, pod_name: name }) => {
    if (name === null) return [];
    const isShared = pods.some((other) => other.pod !== pod && other.pod_name === name);
    return [[pod, isShared ? `${name} ${pod.slice(pod.lastIndexOf('_') + 1)}` : name] as const];
  });
}
