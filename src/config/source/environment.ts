import { z } from 'zod';
import { addNote, addProblem, ENVIRONMENT, type Findings, nowhere, openFindings } from '../problems/index.ts';
import {
  countBetween,
  countFromOne,
  countFromZero,
  flag,
  type HostAndPort,
  type Maybe,
  named,
  nodes,
  port,
  type RedisSettings,
  seconds,
  text,
} from '../schema/index.ts';
import type { Env } from '../types.ts';

/** Values of the `REDIS_*` variables. */
export type RedisVariables = RedisSettings & Maybe<{ password_file: string }>;

/** Values of the environment; absent if unset. Durations in ms. */
export interface Environment {
  readonly sharing?: boolean;
  readonly cacheTtlMs?: number;
  readonly lockTtlMs?: number;
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly prompt?: string;
  readonly maxTokens?: number;
  readonly maxTokensReasoning?: number;
  readonly litellmEnvironment?: string;
  readonly masterKey?: string;
  readonly permitNoMasterKey?: boolean;
  readonly expectedPods?: number;
  readonly failureDomain?: string;
  readonly podName?: string;
  readonly rootPath?: string;
  readonly separateHealthApp?: boolean;
  readonly separateHealthPort?: number;
  readonly stateDir?: string;
  readonly drainToken?: string;
  readonly slackWebhookUrl?: string;
  readonly shutdownMs?: number;
  readonly redis: RedisVariables;
}

/** Reads the variables that allswell knows. Wrong ones are problems of the file called `environment`. */
export function readEnvironment(env: Env, findings: Findings): Environment {
  const own = openFindings(ENVIRONMENT);
  const settings = readAll(settingVariables, env, own);
  const redis = readAll(redisVariables, withoutServiceLink(env, own), own);
  findings.problems.push(...own.problems);
  findings.notes.push(...own.notes);
  return { ...settings, redis };
}

/** Values of the variables that only matter where requests are routed. */
export interface TrafficEnvironment {
  readonly requestTimeoutMs?: number;
  readonly dropParams?: boolean;
}

/** Reads them. Other programs in the container may have the same names for something else, so a bridge reads none. */
export function readTrafficEnvironment(env: Env, findings: Findings): TrafficEnvironment {
  const own = openFindings(ENVIRONMENT);
  const values = readAll(trafficVariables, env, own);
  findings.problems.push(...own.problems);
  return values;
}

const domainExpected =
  '1 to 64 letters, digits, dots, colons, underscores and hyphens, such as the name of a node or zone';

type Variables = Readonly<Record<string, readonly [name: string, rule: z.ZodType]>>;

const settingVariables = {
  sharing: ['USE_SHARED_HEALTH_CHECK', flag],
  cacheTtlMs: ['DEFAULT_SHARED_HEALTH_CHECK_TTL', seconds],
  lockTtlMs: ['DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL', seconds],
  intervalMs: ['DEFAULT_HEALTH_CHECK_INTERVAL', seconds],
  timeoutMs: ['HEALTH_CHECK_TIMEOUT_SECONDS', seconds],
  prompt: ['DEFAULT_HEALTH_CHECK_PROMPT', text],
  maxTokens: ['BACKGROUND_HEALTH_CHECK_MAX_TOKENS', countFromOne],
  maxTokensReasoning: ['BACKGROUND_HEALTH_CHECK_MAX_TOKENS_REASONING', countFromOne],
  litellmEnvironment: ['LITELLM_ENVIRONMENT', text],
  masterKey: ['LITELLM_MASTER_KEY', text],
  permitNoMasterKey: ['LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY', flag],
  expectedPods: ['ALLSWELL_EXPECTED_PODS', countBetween(1, 10_000)],
  failureDomain: ['ALLSWELL_FAILURE_DOMAIN', named(/^[A-Za-z0-9._:-]{1,64}$/, domainExpected)],
  podName: ['POD_NAME', text],
  rootPath: ['SERVER_ROOT_PATH', named(/^(?:\/[\w.~-]+)*\/?$/, 'a path that starts with a slash, such as /llm')],
  separateHealthApp: ['SEPARATE_HEALTH_APP', flag],
  separateHealthPort: ['SEPARATE_HEALTH_PORT', port],
  stateDir: ['ALLSWELL_STATE_DIR', text],
  drainToken: ['DRAIN_ENDPOINT_TOKEN', text],
  slackWebhookUrl: ['SLACK_WEBHOOK_URL', named(/^https?:\/\/[^\s/]+/, 'a URL that starts with https://')],
  shutdownMs: ['GRACEFUL_SHUTDOWN_TIMEOUT', seconds],
} as const satisfies Variables;

const trafficVariables = {
  requestTimeoutMs: ['REQUEST_TIMEOUT', seconds],
  dropParams: ['LITELLM_DROP_PARAMS', flag],
} as const satisfies Variables;

const redisVariables = {
  host: ['REDIS_HOST', text],
  port: ['REDIS_PORT', port],
  username: ['REDIS_USERNAME', text],
  password: ['REDIS_PASSWORD', text],
  url: ['REDIS_URL', named(/^rediss?:\/\/[^\s/]+/, 'a URL that starts with redis:// or rediss://')],
  db: ['REDIS_DB', countFromZero],
  ssl: ['REDIS_SSL', flag],
  ssl_ca_certs: ['REDIS_SSL_CA_CERTS', text],
  ssl_certfile: ['REDIS_SSL_CERTFILE', text],
  ssl_keyfile: ['REDIS_SSL_KEYFILE', text],
  ssl_cert_reqs: ['REDIS_SSL_CERT_REQS', named(/^(CERT_)?(none|optional|required)$/i, 'none, optional or required')],
  ssl_check_hostname: ['REDIS_SSL_CHECK_HOSTNAME', flag],
  startup_nodes: ['REDIS_CLUSTER_NODES', jsonNodes('a JSON list such as [{"host": "10.0.0.1", "port": 6379}]')],
  sentinel_nodes: ['REDIS_SENTINEL_NODES', jsonNodes('a JSON list such as [["10.0.0.1", 26379]]')],
  service_name: ['REDIS_SERVICE_NAME', text],
  sentinel_password: ['REDIS_SENTINEL_PASSWORD', text],
  password_file: ['REDIS_PASSWORD_FILE', text],
} as const satisfies Variables;

/** Every variable above, for the reference page. */
export const variableNames: readonly string[] = [
  ...Object.values(settingVariables),
  ...Object.values(trafficVariables),
  ...Object.values(redisVariables),
].map(([name]) => name);

type Values<V extends Variables> = { -readonly [Key in keyof V]?: z.output<V[Key][1]> };

function readAll<V extends Variables>(variables: V, env: Env, findings: Findings): Values<V> {
  const values: Record<string, unknown> = {};
  for (const [key, [name, rule]] of Object.entries(variables)) {
    const found = env[name];
    if (found === undefined || found === '') continue;
    const result = rule.safeParse(found);
    if (result.success) values[key] = result.data;
    else {
      addProblem(findings, {
        location: nowhere,
        path: [name],
        is: 'has an invalid value',
        expected: result.error.issues[0]?.message ?? '',
      });
    }
  }
  return values as Values<V>;
}

/** Kubernetes sets `REDIS_PORT=tcp://10.0.0.1:6379` in every pod beside a Service named `redis`: not a setting. */
function withoutServiceLink(env: Env, findings: Findings): Env {
  if (!/^(tcp|udp):\/\//.test(env['REDIS_PORT'] ?? '')) return env;
  addNote(findings, 'info', {
    location: nowhere,
    path: ['REDIS_PORT'],
    is: 'is ignored: Kubernetes set it for a Service named redis',
  });
  return { ...env, REDIS_PORT: undefined };
}

function jsonNodes(expected: string): z.ZodType<HostAndPort[]> {
  const parsed = z.string().transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
  });
  return parsed.pipe(nodes);
}
