/** `routing_strategy`, in LiteLLM's names. */
export type Strategy =
  | 'simple-shuffle'
  | 'least-busy'
  | 'latency-based-routing'
  | 'usage-based-routing-v2'
  | 'cost-based-routing';

/** Groups that are tried after a group, in order. `*` is for groups without an entry of their own. */
export type FallbackLists = Readonly<Record<string, readonly string[]>>;

/**
 * Kinds of error that `retry_policy` and `allowed_fails_policy` count apart. `NotFoundError` is every answer with status
 * 404, `Default` every error without a number of its own. Refusals of a caller's input are never retried, and prove nothing
 * about a deployment, so `BadRequestError` and `ContentPolicyViolationError` are read and do nothing.
 */
export type PolicyError =
  | 'BadRequestError'
  | 'AuthenticationError'
  | 'TimeoutError'
  | 'RateLimitError'
  | 'ContentPolicyViolationError'
  | 'InternalServerError'
  | 'ServiceUnavailableError'
  | 'BadGatewayError'
  | 'NotFoundError'
  | 'Default';

/** A number for some kinds of error. */
export type ErrorPolicy = Readonly<Partial<Record<PolicyError, number>>>;

/** `router_settings` and its companions, resolved. Times in ms. */
export interface RoutingSettings {
  readonly strategy: Strategy;
  /**
   * `lowest_latency_buffer` of `latency-based-routing`: deployments that are slower than the fastest by at most this part of
   * its latency count as equally fast. 0.5 is half of it.
   */
  readonly latencyBuffer: number;
  /** Further attempts within one model group. */
  readonly retries: number;
  /** Retries by kind of error; they win over {@link retries}. */
  readonly retryPolicy: ErrorPolicy;
  /** The same by model group. A group's policy replaces {@link retryPolicy} as a whole. */
  readonly groupRetryPolicy: Readonly<Record<string, ErrorPolicy>>;
  /** Shortest wait before an attempt at the deployment that has just failed. */
  readonly retryAfterMs: number;
  /** Failures of a deployment within a minute, in this pod, beyond which it cools down; null: by the window rule alone. */
  readonly allowedFails: number | null;
  readonly allowedFailsPolicy: ErrorPolicy;
  readonly cooldownMs: number;
  readonly cooldowns: 'on' | 'off';
  /** Deadline of one attempt, and of one that streams. */
  readonly timeoutMs: number;
  readonly streamTimeoutMs: number;
  /** `timeout`: no setting limits streams in particular, so the `timeout` of a deployment holds for its streams too. */
  readonly streamTimeoutFrom: 'stream_timeout' | 'timeout';
  readonly fallbacks: FallbackLists;
  readonly contextWindowFallbacks: FallbackLists;
  readonly contentPolicyFallbacks: FallbackLists;
  readonly maxFallbacks: number;
  /** `model_group_alias`: alias to group. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Aliases that no list of models shows. */
  readonly hiddenAliases: readonly string[];
  readonly tagFiltering: 'off' | 'match-any' | 'match-all';
  /** Requests at once for deployments that have neither a number of their own nor `rpm` nor `tpm`. */
  readonly defaultMaxParallel: number | null;
  /** A `suspect` or `degraded` verdict because of 429 and 408 alone takes no traffic away. */
  readonly ignoreTransientErrors: boolean;
}
