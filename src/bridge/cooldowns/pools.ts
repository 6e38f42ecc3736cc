/** A deployment as LiteLLM's Router chooses among them. */
export interface RoutedDeployment {
  /** `model_info.id`, else LiteLLM's hash of the entry. */
  readonly modelId: string;
  /** `model_name`: the model group. */
  readonly group: string;
  /** `litellm_params.tags`, which count where tag filtering is on. */
  readonly tags: readonly string[];
}

/** How LiteLLM's Router goes from group to group. */
export interface RoutingRules {
  /** Groups that are tried after a group, in order; `*` is for groups without an entry of their own. */
  readonly fallbacks: ReadonlyMap<string, readonly string[]>;
  /** `model_group_alias`: alias to group. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly tagFiltering: boolean;
}

/** The deployments that one kind of request can be sent to. Requests fail once none of them is routable. */
export interface Pool {
  /** For log lines: the group, and the tag where tags count. */
  readonly name: string;
  /** Of the group itself. */
  readonly own: readonly string[];
  /** Of the group and of all groups that its fallbacks lead to. */
  readonly reach: readonly string[];
}

/** LiteLLM's tag for deployments without tags; requests whose tag no deployment has go to them. */
const DEFAULT_TAG = 'default';

/** Every pool of the configuration: one for each model group, or for each group and tag where tag filtering is on. */
export function poolsOf(deployments: readonly RoutedDeployment[], rules: RoutingRules): readonly Pool[] {
  const groups = Map.groupBy(deployments, ({ group }) => group);
  return [...groups].flatMap(([group, members]) => {
    const fallbacks = fallbackGroups(group, rules).flatMap((name) => groups.get(name) ?? []);
    return subsets(members, rules.tagFiltering).map(({ tag, own }): Pool => {
      const beyond = tag === undefined ? fallbacks : matching(fallbacks, tag);
      return {
        name: tag === undefined ? group : `${group} (tag ${tag})`,
        own: own.map(({ modelId }) => modelId),
        reach: [...new Set([...own, ...beyond].map(({ modelId }) => modelId))],
      };
    });
  });
}

/** All groups that fallbacks of `group` lead to, without itself. */
function fallbackGroups(group: string, { fallbacks, aliases }: RoutingRules): readonly string[] {
  const found = new Set([group]);
  // A set that grows while it is read: each group is visited once, whatever circles the fallbacks have.
  for (const name of found) {
    for (const next of fallbacks.get(name) ?? fallbacks.get('*') ?? []) found.add(aliases.get(next) ?? next);
  }
  found.delete(group);
  return [...found];
}

interface Subset {
  readonly tag?: string;
  readonly own: readonly RoutedDeployment[];
}

function subsets(members: readonly RoutedDeployment[], tagFiltering: boolean): readonly Subset[] {
  const tags = new Set(members.flatMap((one) => one.tags));
  if (!tagFiltering || tags.size === 0) return [{ own: members }];
  const named = [...tags.add(DEFAULT_TAG)].map((tag) => ({ tag, own: matching(members, tag) }));
  return named.filter(({ own }) => own.length > 0);
}

function matching(members: readonly RoutedDeployment[], tag: string): readonly RoutedDeployment[] {
  return members.filter(({ tags }) => tags.includes(tag) || (tag === DEFAULT_TAG && tags.length === 0));
}
