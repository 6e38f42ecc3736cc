import type { ErrorPolicy, PolicyError, RoutingSettings, Strategy } from '../../ports/index.ts';
import { addNote, type Findings, nearest } from '../problems/index.ts';
import {
  failKinds,
  type GeneralTrafficKeys,
  type LitellmTrafficKeys,
  type PolicyKeys,
  retryKinds,
  type RouterSettings,
  routerSettings,
} from '../schema/index.ts';
import type { TrafficEnvironment } from '../source/index.ts';
import { child, follow, type Node } from '../yaml/index.ts';
import { readBlock } from './blocks.ts';
import { fallbackLists, hiddenAliases, readLitellmRouting } from './litellm-routing.ts';

export interface RoutingInput {
  readonly root: Node;
  readonly general: GeneralTrafficKeys;
  readonly litellm: LitellmTrafficKeys;
  readonly environment: TrafficEnvironment;
  readonly findings: Findings;
}

/** LiteLLM's defaults, in its constants and in its Router. */
const RETRIES = 2;
const COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 6_000_000;

/** The blocks that routing is read from, checked. */
interface RoutingBlocks {
  readonly router: RouterSettings;
  readonly litellm: LitellmTrafficKeys;
  readonly general: GeneralTrafficKeys;
}

/**
 * LiteLLM's settings of routing. As in LiteLLM, `router_settings` come before `litellm_settings` and `general_settings`,
 * and 0 seconds count as not set.
 */
export function readRouting(input: RoutingInput): RoutingSettings {
  const { root, general, litellm, findings } = input;
  const blocks = {
    router: readBlock(root, 'router_settings', { schema: routerSettings, findings }) ?? {},
    litellm,
    general,
  };
  noteHealthRoutingOff(blocks, input);
  const { router } = blocks;
  return {
    strategy: strategyOf(blocks, input),
    latencyBuffer: router.routing_strategy_args?.lowest_latency_buffer ?? 0,
    retries: router.num_retries ?? litellm.num_retries ?? RETRIES,
    retryPolicy: policyOf(router.retry_policy, retryKinds, 'Retries'),
    groupRetryPolicy: Object.fromEntries(
      Object.entries(router.model_group_retry_policy ?? {}).map(([group, policy]) => [
        group,
        policyOf(policy, retryKinds, 'Retries'),
      ]),
    ),
    retryAfterMs: router.retry_after ?? 0,
    allowedFails: router.allowed_fails ?? litellm.allowed_fails ?? null,
    allowedFailsPolicy: policyOf(router.allowed_fails_policy, failKinds, 'AllowedFails'),
    cooldownMs: router.cooldown_time || COOLDOWN_MS,
    cooldowns: router.disable_cooldowns === true ? 'off' : 'on',
    ...timeoutsOf(blocks, input.environment),
    ...groupsOf(root),
    defaultMaxParallel: router.default_max_parallel_requests ?? null,
    ignoreTransientErrors:
      router.health_check_ignore_transient_errors ?? general.health_check_ignore_transient_errors ?? false,
  };
}

/** In LiteLLM's names; the first version of usage-based routing is its successor here. */
const strategies: Readonly<Record<string, Strategy>> = {
  'simple-shuffle': 'simple-shuffle',
  'least-busy': 'least-busy',
  'latency-based-routing': 'latency-based-routing',
  'usage-based-routing': 'usage-based-routing-v2',
  'usage-based-routing-v2': 'usage-based-routing-v2',
  'cost-based-routing': 'cost-based-routing',
};

function strategyOf({ router: { routing_strategy: name } }: RoutingBlocks, { root, findings }: RoutingInput): Strategy {
  if (name === undefined) return 'simple-shuffle';
  const known = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (known !== undefined) return known;
  const path = ['router_settings', 'routing_strategy'];
  const names = Object.keys(strategies);
  const meant = nearest(name, names);
  const which = meant === undefined ? `the known ones are ${names.join(', ')}` : `did you mean ${meant}?`;
  const is = `is not a strategy of allswell, which uses simple-shuffle instead: ${which}`;
  addNote(findings, 'warn', { location: follow(root, path).location, path, is });
  return 'simple-shuffle';
}

function policyOf(keys: PolicyKeys | undefined, kinds: readonly PolicyError[], ending: string): ErrorPolicy {
  const given = kinds.map((kind) => [kind, keys?.[`${kind}${ending}`]] as const);
  return Object.fromEntries(given.filter(([, count]) => count !== undefined));
}

/**
 * `request_timeout` is the default of `timeout`. With a `timeout` beside it, it is the deadline of each attempt, also of
 * one that streams.
 */
function timeoutsOf(
  { router, litellm }: RoutingBlocks,
  environment: RoutingInput['environment'],
): Pick<RoutingSettings, 'timeoutMs' | 'streamTimeoutMs' | 'streamTimeoutFrom'> {
  const request = litellm.request_timeout || environment.requestTimeoutMs;
  const timeoutMs = request ?? (router.timeout || TIMEOUT_MS);
  const ofStreams = router.stream_timeout || (router.timeout === undefined ? undefined : request);
  return {
    timeoutMs,
    streamTimeoutMs: ofStreams ?? timeoutMs,
    streamTimeoutFrom: ofStreams === undefined ? 'timeout' : 'stream_timeout',
  };
}

/** How requests go from group to group, read as it is for a bridge. */
function groupsOf(
  root: Node,
): Pick<
  RoutingSettings,
  | 'fallbacks'
  | 'contextWindowFallbacks'
  | 'contentPolicyFallbacks'
  | 'maxFallbacks'
  | 'aliases'
  | 'hiddenAliases'
  | 'tagFiltering'
> {
  const { tagFiltering, matchAllTags, ...groups } = readLitellmRouting(root);
  return {
    ...groups,
    hiddenAliases: hiddenAliases(root),
    contextWindowFallbacks: fallbackLists(root, 'context_window_fallbacks'),
    contentPolicyFallbacks: fallbackLists(root, 'content_policy_fallbacks'),
    tagFiltering: tagFiltering ? (matchAllTags ? 'match-all' : 'match-any') : 'off',
  };
}

function noteHealthRoutingOff({ router, general }: RoutingBlocks, { root, findings }: RoutingInput): void {
  const inRouter = router.enable_health_check_routing;
  if ((inRouter ?? general.enable_health_check_routing) !== false) return;
  const block = inRouter === undefined ? 'general_settings' : 'router_settings';
  const path = [block, 'enable_health_check_routing'];
  const at = { location: child(child(root, block), 'enable_health_check_routing')?.location ?? root.location, path };
  addNote(findings, 'info', { ...at, is: 'is false, and has no effect: allswell always routes by health' });
}
