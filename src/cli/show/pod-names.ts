import type { ExplainPage, FleetPage } from '../ask/index.ts';

/** Adds to ids of pods in a text the names that people know them by. */
export type NamePods = (text: string) => string;

/**
 * Names pods in texts by what a page says of the live ones; other ids stay as they are.
 *
 * @example
 * namePods(new Map([['pod_1_a', 'web-1']]))('seen by pod_1_a') // 'seen by web-1/pod_1_a'
 */
export function namePods(names: ReadonlyMap<string, string>): NamePods {
  return (text) => text.replaceAll(/(?<!\/)\bpod_\w+/g, (id) => (names.has(id) ? `${names.get(id)}/${id}` : id));
}

/** Names of the pods that `/fleet` lists, and of the pod asked. */
export function podNamesIn({
  pod,
  pod_name: own = null,
  pods,
}: Pick<FleetPage, 'pod' | 'pod_name' | 'pods'>): ReadonlyMap<string, string> {
  const all = [{ pod, pod_name: own }, ...pods];
  return new Map(
    all.flatMap(({ pod: id, pod_name: name }) => (name === undefined || name === null ? [] : [[id, name]])),
  );
}

/** Names of the pods of an explanation. */
export function podNamesOf({ pod_names: names = [] }: ExplainPage): ReadonlyMap<string, string> {
  return new Map(names.map(({ pod, pod_name: name }) => [pod, name]));
}
