import { failKinds, retryKinds } from '../schema/index.ts';
import { builtIn, shownSeconds } from './built-in.ts';
import type { BlockDocs, KeyDocs } from './key-doc.ts';

const { routing, gateway } = builtIn;

const meanings: Readonly<Record<string, string>> = {
  BadRequestError:
    'No effect: status 400 and 422 are answers to the caller, which are not retried and count against no deployment',
  AuthenticationError: 'Status 401. Status 403 has no kind of its own, as in LiteLLM',
  TimeoutError: 'No answer in time, and status 408 and 504',
  RateLimitError: 'Status 429 and spent credit',
  ContentPolicyViolationError:
    "No effect: a refusal by the upstream's content policy is not retried within the group (see `content_policy_fallbacks`) and counts against no deployment",
  InternalServerError: 'Status 500 and 529, an error within an answer of status 200, and a connection that failed',
  ServiceUnavailableError: 'Status 503',
  BadGatewayError: 'Status 502',
  NotFoundError: 'Status 404 and 410, and unknown models',
  Default: 'Every error without a number of its own, such as status 502',
};

/** The block `router_settings` and the blocks in it. */
export const routingDocs: KeyDocs = {
  router_settings: {
    routing_strategy: {
      default: `\`${routing.strategy}\``,
      meaning:
        '`simple-shuffle` (by `weight`, else `rpm`, else `tpm`), `least-busy`, `latency-based-routing`, `usage-based-routing-v2` (also as `usage-based-routing`) or `cost-based-routing`. Any other causes a warning and means `simple-shuffle`.',
    },
    routing_strategy_args: { default: 'empty', meaning: 'See [below](#routing_strategy_args).' },
    num_retries: {
      default: `\`litellm_settings.num_retries\`, else ${routing.retries}`,
      meaning: 'Further attempts in the model group after a failure.',
    },
    retry_after: {
      default: shownSeconds(routing.retryAfterMs),
      meaning: 'Shortest wait before another attempt at the same deployment.',
    },
    retry_policy: { default: 'empty', meaning: 'Retries by kind of error: see [below](#retry_policy).' },
    model_group_retry_policy: {
      default: 'empty',
      meaning: '`retry_policy` by model group: it replaces the general one for that group.',
    },
    allowed_fails: {
      default: "`litellm_settings.allowed_fails`, else allswell's own rule",
      meaning: 'A pod ejects a deployment that fails more often within a minute.',
    },
    allowed_fails_policy: {
      default: 'empty',
      meaning: '`allowed_fails` by kind of error: see [below](#allowed_fails_policy).',
    },
    cooldown_time: {
      default: shownSeconds(routing.cooldownMs),
      meaning:
        'How long a pod that ejected a deployment sends it no requests, if the fleet reaches no verdict earlier. 0: not set.',
    },
    disable_cooldowns: { default: 'false', meaning: 'Failures of requests never eject a deployment.' },
    timeout: {
      default: `\`litellm_settings.request_timeout\`, else ${shownSeconds(routing.timeoutMs)}`,
      meaning: 'Timeout of one attempt; `litellm_settings.request_timeout` takes precedence. 0: not set.',
    },
    stream_timeout: { default: 'as without streaming', meaning: 'The same for attempts that stream. 0: not set.' },
    fallbacks: {
      default: '`litellm_settings.fallbacks`, else none',
      meaning:
        'Model groups that are tried after a group, in order: `[{ gpt-4o: [claude, gemini] }]`. `*` is for groups without an entry.',
    },
    context_window_fallbacks: {
      default: '`litellm_settings.context_window_fallbacks`, else none',
      meaning: 'The same after a prompt that is too long for the model.',
    },
    content_policy_fallbacks: {
      default: '`litellm_settings.content_policy_fallbacks`, else none',
      meaning: "The same after a refusal by the upstream's content policy.",
    },
    default_fallbacks: {
      default: '`litellm_settings.default_fallbacks`, else none',
      meaning: 'Fallbacks of groups without an entry in `fallbacks`.',
    },
    max_fallbacks: {
      default: `\`litellm_settings.max_fallbacks\`, else ${routing.maxFallbacks}`,
      meaning: 'Fallbacks of one request, after which none is tried.',
    },
    model_group_alias: {
      default: '`litellm_settings.model_group_alias`, else none',
      meaning:
        'Other names of model groups: `{ gpt-4: gpt-4o }`, or `{ gpt-4: { model: gpt-4o, hidden: true } }`. `GET /v1/models` lists those that are not hidden.',
    },
    enable_tag_filtering: {
      default: 'false',
      meaning: 'A request with tags only reaches deployments with these `tags`.',
    },
    tag_filtering_match_any: {
      default: 'true',
      meaning: '`false`: a deployment must have all tags of a request, instead of one.',
    },
    default_max_parallel_requests: {
      default: 'no limit',
      meaning: '`max_parallel_requests` of deployments with neither that nor `rpm` nor `tpm`.',
    },
    enable_health_check_routing: {
      default: '`general_settings.enable_health_check_routing`',
      meaning: 'No effect: allswell always routes by health. `false` causes a line at the start.',
    },
    health_check_ignore_transient_errors: {
      default: '`general_settings.health_check_ignore_transient_errors`',
      meaning: 'Verdicts because of status 429 or 408 alone take no requests away.',
    },
  },
  'router_settings.routing_strategy_args': {
    lowest_latency_buffer: {
      default: String(routing.latencyBuffer),
      meaning:
        '`latency-based-routing`: deployments slower than the fastest by at most this part count as equally fast. 0.5: half of its latency.',
    },
  },
  'router_settings.retry_policy': byKind(retryKinds, 'Retries', '`num_retries`'),
  'router_settings.allowed_fails_policy': byKind(failKinds, 'AllowedFails', '`allowed_fails`'),
  'fleet_health.gateway': {
    max_body_bytes: {
      default: `\`general_settings.max_request_size_mb\`, else ${gateway.maxBodyBytes} (32 MiB)`,
      meaning: 'Size of the body of a request. A larger one is answered 413.',
    },
    max_in_flight: {
      default: `\`general_settings.max_in_flight_requests_per_worker\` for each worker, else ${gateway.maxInFlight}`,
      meaning:
        'Requests that one pod routes at once, with all its [workers](../explanation/workers.md). Others are answered 503 with `Retry-After`; none waits in a queue.',
    },
    max_buffered_bytes: {
      default: `${gateway.maxBufferedBytes} (256 MiB), or 8 × \`max_body_bytes\` if that is more`,
      meaning:
        'Bytes of the bodies that one pod holds at once, counted as they come, each until the end of its answer. A body beyond them is answered 503 with `Retry-After`: before it is read, if it has `Content-Length`. While it is parsed, a body takes several times its bytes.',
    },
    max_connections: { default: String(gateway.maxConnections), meaning: 'Open connections of clients to one pod.' },
    header_timeout: {
      default: shownSeconds(gateway.headerTimeoutMs),
      meaning: 'Time for a client to send the head of a request.',
    },
    body_timeout: {
      default: shownSeconds(gateway.bodyTimeoutMs),
      meaning: 'Time for a client to send the body of a request.',
    },
    first_byte_timeout: {
      default: 'the timeout of the attempt',
      meaning: "Time until the first byte of an upstream's answer.",
    },
    idle_timeout: {
      default: shownSeconds(gateway.idleTimeoutMs),
      meaning: 'Longest silence of an upstream within its answer, after the first byte.',
    },
  },
};

/** Limits of one deployment, in `litellm_params`. */
export const limitDocs: BlockDocs = {
  timeout: { default: '`router_settings.timeout`', meaning: 'Timeout of one attempt at the deployment.' },
  stream_timeout: { default: '`router_settings.stream_timeout`', meaning: 'The same for attempts that stream.' },
  rpm: {
    default: 'no limit',
    meaning: 'Requests per minute [of the whole fleet](../explanation/routing.md#limits-of-the-fleet).',
  },
  tpm: {
    default: 'no limit',
    meaning: 'Tokens per minute [of the whole fleet](../explanation/routing.md#limits-of-the-fleet).',
  },
  max_parallel_requests: {
    default: '`rpm`, else 6 for each 1,000 of `tpm`, at least 1, else `router_settings.default_max_parallel_requests`',
    meaning: 'Requests at once [of the whole fleet](../explanation/routing.md#limits-of-the-fleet).',
  },
  weight: { default: '`rpm`, else `tpm`, else equal', meaning: 'Its part of the requests of the group.' },
  order: { default: '', meaning: 'Deployments with a lower number go first.' },
  num_retries: {
    default: '`router_settings.num_retries`',
    meaning: 'Further attempts in the model group after a failure of this deployment. A retry policy takes precedence.',
  },
  cooldown_time: {
    default: '`router_settings.cooldown_time`',
    meaning:
      'The same for failures of this deployment. 0: its failures never take it out of one pod; verdicts of the fleet do.',
  },
  drop_params: {
    default: '`litellm_settings.drop_params`',
    meaning:
      'Where a request is [translated](translation.md), leaves out parameters that the format of the upstream lacks, instead of 400. `false` does not override a general `true`.',
  },
  tags: {
    default: 'none',
    meaning: 'Requests that it takes: see `enable_tag_filtering`. Items that are not text are ignored.',
  },
};

/** The same beside `litellm_params`. */
export const entryLimitDocs: BlockDocs = {
  rpm: {
    default: '`litellm_params.rpm`',
    meaning: 'Requests per minute [of the whole fleet](../explanation/routing.md#limits-of-the-fleet).',
  },
  tpm: {
    default: '`litellm_params.tpm`',
    meaning: 'Tokens per minute [of the whole fleet](../explanation/routing.md#limits-of-the-fleet).',
  },
};

/** Defaults of `router_settings`, in `litellm_settings`. */
export const routerDefaultDocs: BlockDocs = {
  num_retries: sameIn('router_settings'),
  request_timeout: {
    default: '`REQUEST_TIMEOUT`',
    meaning:
      'Timeout of one attempt, in place of `router_settings.timeout`. If both are set, it is also the `stream_timeout` where none is set. 0: not set.',
  },
  drop_params: {
    default: '`LITELLM_DROP_PARAMS`, else false',
    meaning:
      'Where a request is [translated](translation.md), leaves out parameters that the format of the upstream lacks, instead of 400; at every deployment.',
  },
  allowed_fails: sameIn('router_settings'),
  fallbacks: sameIn('router_settings'),
  context_window_fallbacks: sameIn('router_settings'),
  content_policy_fallbacks: sameIn('router_settings'),
  default_fallbacks: sameIn('router_settings'),
  max_fallbacks: sameIn('router_settings'),
  model_group_alias: sameIn('router_settings'),
};

/** Keys of routing and limits of the gateway, in `general_settings`. */
export const generalTrafficDocs: BlockDocs = {
  enable_health_check_routing: {
    default: '',
    meaning: 'No effect: allswell always routes by health. `false` causes a line at the start.',
  },
  health_check_ignore_transient_errors: {
    default: 'false',
    meaning: 'Verdicts because of status 429 or 408 alone take no requests away.',
  },
  max_request_size_mb: {
    default: '',
    meaning: 'Default of [`fleet_health.gateway.max_body_bytes`](#gateway), in MiB. 0: not set.',
  },
  max_in_flight_requests_per_worker: {
    default: '',
    meaning:
      'Requests that each worker process routes at once, where [`fleet_health.gateway.max_in_flight`](#gateway) is not set: with 4 workers, a pod routes four times as many.',
  },
};

function sameIn(block: string): BlockDocs[string] {
  return { default: '', meaning: `Same as in \`${block}\`, which takes precedence.` };
}

function byKind(kinds: readonly string[], ending: string, otherwise: string): BlockDocs {
  const meaning = (kind: string): string => meanings[kind] ?? kind;
  return Object.fromEntries(
    kinds.map((kind) => [`${kind}${ending}`, { default: otherwise, meaning: `${meaning(kind)}.` }]),
  );
}
