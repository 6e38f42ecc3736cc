import type { RedisTarget } from '../ports/index.ts';

export type { CooldownMode } from '../ports/index.ts';

/** How LiteLLM's Router goes from model group to model group: what a bridge must know before it takes a deployment out. */
export interface LitellmRouting {
  /** Groups that are tried after a group, in order. `*` is for groups without an entry of their own. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>;
  /** `model_group_alias`: alias to group. */
  readonly aliases: Readonly<Record<string, string>>;
  /** `enable_tag_filtering`: a request with tags only reaches deployments with one of them. */
  readonly tagFiltering: boolean;
  /** `tag_filtering_match_any: false`: a request only reaches deployments with all of its tags. */
  readonly matchAllTags: boolean;
  /** `max_fallbacks`: attempts with fallbacks, after which no list of fallbacks is begun. */
  readonly maxFallbacks: number;
}

/** The Redis of LiteLLM's Router, where it has one of its own. */
export interface RouterRedis {
  readonly target: RedisTarget;
  /** `cache_kwargs.namespace`; null for none. */
  readonly namespace: string | null;
}
