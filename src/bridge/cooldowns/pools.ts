/** A deployment as LiteLLM's Router chooses among them. */
export interface PooledDeployment {
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
  /** `tag_filtering_match_any: false`: a request reaches the deployments that have all of its tags. */
  readonly matchAllTags?: boolean;
  /** `max_fallbacks`; LiteLLM's default if absent. */
  readonly maxFallbacks?: number;
}

/** The deployments that one kind of request can be sent to. Requests fail once none of them is routable. */
export interface Pool {
  /** For log lines: the group, and the tag where tags count. */
  readonly name: string;
  /** Of the group itself. */
  readonly own: readonly string[];
  /** Of the group and of all groups that its fallbacks lead to. */
  readonly reach: readonly string[];
  /** Deployments, of any pool, that nothing shows to work: without a verdict that starts a cooldown, but with failures since the last success. */
  readonly doubtful?: ReadonlySet<string>;
}

/** Requests without a tag, or with one that no deployment of the group has, go to deployments with this tag. */
const DEFAULT_TAG = 'default';
/** LiteLLM's `ROUTER_MAX_FALLBACKS`. */
const MAX_FALLBACKS = 5;

/** Every pool of the configuration: for each name that requests use, one, or one for each tag where tag filtering is on. */
export function poolsOf(deployments: readonly PooledDeployment[], rules: RoutingRules): readonly Pool[] {
  const groups = Map.groupBy(deployments, ({ group }) => group);
  const membersOf = (name: string): readonly PooledDeployment[] => groups.get(rules.aliases.get(name) ?? name) ?? [];
  const asked = [...groups.keys()].flatMap((group) => [
    { name: group, group },
    ...namesUnder(group, [...rules.fallbacks.keys()]).map((name) => ({ name, group })),
  ]);
  const aliased = [...rules.aliases].map(([name, group]) => ({ name, group }));
  return [...asked, ...aliased].flatMap(({ name, group }) => {
    const fallbacks = fallbacksOf(name, rules).flatMap(membersOf);
    return subsets(groups.get(group) ?? [], rules).map(({ label, own, fits }): Pool => {
      const reach = [...own, ...fallbacks.filter(fits)];
      return {
        name: label === undefined ? name : `${name} (${label})`,
        own: own.map(({ modelId }) => modelId),
        reach: [...new Set(reach.map(({ modelId }) => modelId))],
      };
    });
  });
}

/** Names with fallbacks of their own whose requests a wildcard group gets. The Router also finds `m` for `openai/m`. */
function namesUnder(group: string, keys: readonly string[]): readonly string[] {
  if (!isWildcard(group)) return [];
  const [start, end] = [group.slice(0, group.indexOf('*')), group.slice(group.lastIndexOf('*') + 1)];
  const prefix = group.slice(0, group.indexOf('/') + 1);
  return keys
    .filter((key) => !isWildcard(key))
    .flatMap((key) => [...new Set([key, `${prefix}${key}`])])
    .filter((name) => name.startsWith(start) && name.endsWith(end));
}

/**
 * The names that the Router falls back to, in its order, when nothing answers. It looks each up by the name that is asked
 * for, not by the group behind an alias or a wildcard. A name without fallbacks of its own continues with those of the
 * first name. Attempts count up along a list and into the lists below it, and no list is begun after `max_fallbacks`.
 */
function fallbacksOf(first: string, { fallbacks, maxFallbacks = MAX_FALLBACKS }: RoutingRules): readonly string[] {
  const attempted = new Set([first]);
  const visit = (name: string, depth: number): void => {
    if (depth >= maxFallbacks) return;
    const list = ownFallbacks(name, fallbacks) ?? ownFallbacks(first, fallbacks) ?? fallbacks.get('*') ?? [];
    let attempts = depth;
    for (const next of list) {
      if (attempted.has(next)) continue;
      attempted.add(next);
      attempts += 1;
      visit(next, attempts);
    }
  };
  visit(first, 0);
  attempted.delete(first);
  return [...attempted];
}

function ownFallbacks(name: string, fallbacks: RoutingRules['fallbacks']): readonly string[] | undefined {
  if (isWildcard(name)) return undefined;
  return fallbacks.get(name) ?? fallbacks.get(name.slice(name.indexOf('/') + 1));
}

function isWildcard(name: string): boolean {
  return name.includes('*');
}

type Fits = (deployment: PooledDeployment) => boolean;

interface Subset {
  /** For the name of the pool. */
  readonly label?: string;
  readonly own: readonly PooledDeployment[];
  /** Whether a deployment of a fallback gets these requests, too. */
  readonly fits: Fits;
}

function subsets(
  members: readonly PooledDeployment[],
  { tagFiltering, matchAllTags }: RoutingRules,
): readonly Subset[] {
  const sets = members.map(({ tags }) => tags).filter(({ length }) => length > 0);
  if (members.length === 0) return [];
  if (!tagFiltering || sets.length === 0) return [{ own: members, fits: () => true }];
  const asked = matchAllTags === true ? sets.map((tags) => tags.toSorted()) : sets.flat().map((tag) => [tag]);
  const unique = new Map([...asked, [DEFAULT_TAG]].map((tags) => [tags.join(', '), tags]));
  const named = [...unique].map(([names, tags]): Subset => {
    const label = `${tags.length === 1 ? 'tag' : 'tags'} ${names}`;
    const fits: Fits = (one) => tags.every((tag) => one.tags.includes(tag));
    const own = members.filter(fits);
    if (own.length > 0) return { label, own, fits };
    const untagged: Fits = (one) => one.tags.length === 0;
    return { label, own: members.filter(untagged), fits: (one) => untagged(one) || fits(one) };
  });
  return named.filter(({ own }) => own.length > 0);
}
