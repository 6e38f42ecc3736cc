/** Public names of the deployments that share a target, each once. */
export function groupsOf(deployments: readonly { readonly model_name: string }[]): readonly string[] {
  return [...new Set(deployments.map(({ model_name: name }) => name))];
}

/**
 * A target in lines for people: the groups that use it, and the upstream's model.
 *
 * @example
 * targetName('openai/up-a', ['chat-a', 'chat-b']) // 'chat-a, chat-b (openai/up-a)'
 */
export function targetName(model: string, groups: readonly string[]): string {
  return groups.length === 0 ? model : `${groups.join(', ')} (${model})`;
}
