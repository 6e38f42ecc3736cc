/** What a person may call a target by. */
export interface NameableTarget {
  readonly target: string;
  readonly model: string | null;
  /** `model`: as `litellm_params` has it, if it is known; `former_id`: an id that an older LiteLLM computed. */
  readonly deployments: readonly {
    readonly model_name: string;
    readonly model_id: string;
    readonly model?: string;
    readonly former_id?: string | undefined;
  }[];
  readonly upstream_host?: string | null;
  readonly region?: string | null;
}

/** Finds targets by the words that endpoints and commands accept, and words by targets. */
export interface TargetNames {
  /** Ids of all targets that the word means: none, one or several. */
  find(word: string): readonly string[];
  /** The shortest word that means this target and no other: a group, `group@host`, `group@region`, a model, else the id. */
  wordFor(target: string): string;
}

/**
 * Names of targets: an id of the target or of a deployment, a model group, the upstream's name for the model, or one of these
 * two followed by `@` and the upstream's host (with or without port) or region.
 *
 * @example
 * const deployments = [{ model_name: 'gpt-4o', model_id: 'm1' }];
 * const target = { target: 'id-1', model: 'openai/gpt-4o', deployments, upstream_host: 'api.openai.com', region: null };
 * const other = { ...target, target: 'id-2', deployments: [{ model_name: 'gpt-4o', model_id: 'm2' }], upstream_host: 'eu.example:8080' };
 * const names = targetNames([target, other]);
 * names.find('gpt-4o') // ['id-1', 'id-2']
 * names.find('gpt-4o@eu.example') // ['id-2']
 * names.wordFor('id-1') // 'gpt-4o@api.openai.com'
 */
export function targetNames(targets: readonly NameableTarget[]): TargetNames {
  const ids = new Map<string, Set<string>>();
  const names = new Map<string, Set<string>>();
  const words = new Map<string, readonly string[]>();
  for (const one of targets) {
    add(ids, one.target, one.target);
    for (const { model_id: id, former_id: former } of one.deployments) {
      add(ids, id, one.target);
      if (former !== undefined) add(ids, former, one.target);
    }
    const called = namesOf(one);
    const placed = placesOf(one).flatMap((place) => called.map((name) => `${name}@${place}`));
    for (const word of [...called, ...placed]) add(names, word, one.target);
    words.set(one.target, preferred(one));
  }
  const find = (word: string): readonly string[] => {
    const found = ids.get(word) ?? names.get(word);
    return found === undefined ? [] : Array.from(found);
  };
  return {
    find,
    wordFor: (target) => words.get(target)?.find((word) => find(word).length === 1) ?? target,
  };
}

function add(index: Map<string, Set<string>>, word: string, target: string): void {
  const known = index.get(word);
  if (known === undefined) index.set(word, new Set([target]));
  else known.add(target);
}

function groupsOf({ deployments }: NameableTarget): readonly string[] {
  return [...new Set(deployments.map(({ model_name: name }) => name))];
}

function namesOf(target: NameableTarget): readonly string[] {
  const models = target.deployments.flatMap(({ model }) => model ?? []);
  return [...new Set([...groupsOf(target), ...(target.model === null ? [] : [target.model]), ...models])];
}

/** Host with its port, host without it, and region. */
function placesOf({ upstream_host: host, region }: NameableTarget): readonly string[] {
  const bare = host?.replace(/:\d+$/, '');
  return [...new Set([host, bare, region].map((place) => place ?? ''))].filter((place) => place !== '');
}

function preferred(target: NameableTarget): readonly string[] {
  const groups = groupsOf(target);
  const { upstream_host: host, region } = target;
  const places = [host ?? '', region ?? ''].filter((place) => place !== '');
  const placed = places.flatMap((place) => groups.map((group) => `${group}@${place}`));
  return [...groups, ...placed, ...(target.model === null ? [] : [target.model])];
}
