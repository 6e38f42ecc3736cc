import type { Level, TargetId } from '../health/index.ts';
import type { HoldKey } from '../ports/index.ts';
import type { Login, Wire } from '../providers/index.ts';
import type { ProbeMode } from '../providers/wire/index.ts';

/** Parameters that may be seen; never a credential. */
export type ShownParams = Readonly<Record<string, string | number>>;

/** An upstream, called by requests or by probes. */
export interface UpstreamCall {
  readonly provider: string;
  readonly wire: Wire;
  /** What is really called, by the vendor's name for it. */
  readonly upstreamModel: string;
  /** Without a trailing slash; the vendor's own URL where none was given. */
  readonly apiBase: string;
  /** Host and port of {@link apiBase}. */
  readonly host: string;
  readonly region?: string;
  readonly apiKey?: string;
  readonly apiVersion?: string;
  readonly organization?: string;
  /** `headers` and `extra_headers`, which often carry the credential of a gateway in between. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of a key. */
  readonly login?: Login;
}

/** What a request calls. With wire `none` allswell does not speak the upstream's API. */
export interface RequestCall extends UpstreamCall {
  readonly kind: 'callable';
  /** As declared or known by the model's name: `chat`, `embedding`, `image_generation` and so on. */
  readonly mode: string;
  /** Merged into the body of each request. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
}

/** Only its probe can be sent, where `health_check_params` or `health_check_model` say. */
export interface NotCallable {
  readonly kind: 'not-callable';
  readonly why: string;
}

/** How much a deployment takes, and its part of the requests of its group; each only where the file says it. */
export interface DeploymentLimits {
  /** Requests per minute. */
  readonly rpm?: number;
  /** Tokens per minute. */
  readonly tpm?: number;
  /** Requests at once. */
  readonly maxParallel?: number;
  readonly weight?: number;
  /** Deployments with a lower number go first. */
  readonly order?: number;
  readonly streamTimeoutMs?: number;
  readonly retries?: number;
  readonly cooldownMs?: number;
}

/** US dollars per token, if the file gives them. */
export interface Price {
  readonly input?: number;
  readonly output?: number;
}

/** One `model_list` entry: what requests call. */
export interface Deployment {
  readonly modelName: string;
  /** `model_info.id`, else LiteLLM's hash of the entry, as since LiteLLM 1.110. */
  readonly modelId: string;
  /** LiteLLM's hash of the entry before 1.110, if it is another one. */
  readonly formerModelId?: string;
  /** The {@link ProbeTarget} whose health stands for it; its probe may call something else. */
  readonly targetId: TargetId;
  /** `litellm_params.model`, as written. */
  readonly model: string;
  /** What a request calls, by `litellm_params` alone. */
  readonly call: RequestCall | NotCallable;
  readonly limits: DeploymentLimits;
  /** `litellm_params.tags`: which requests it takes, where `enable_tag_filtering` is on. */
  readonly tags: readonly string[];
  /**
   * `on`: parameters of a request that the upstream does not support are left out, as `drop_params` of the deployment or of
   * `litellm_settings` says.
   */
  readonly dropParams: 'on' | 'off';
  /** `timeout`: deadline of one request. */
  readonly timeoutMs?: number;
  readonly price?: Price;
  /** As `/model/info` shows it: as written, else that of what requests call, else that of the probe. */
  readonly mode: string;
  /** Takes part in background checks: neither opted out by `disable_background_health_check` nor of a group left out. */
  readonly inBackground: boolean;
  /** Takes part in checks on demand, where all do unless `health_check_skip_disabled_background_models` says otherwise. */
  readonly onDemand: boolean;
  /** The parameters `/health` may show with details on, `model` being the one probed; never a credential. */
  readonly displayParams: ShownParams;
  /** The same of `litellm_params` alone, without what is for probes only: what `/model/info` shows. */
  readonly writtenParams: ShownParams;
}

/**
 * What one probe calls, and how: the call of a deployment, with `health_check_model` and `health_check_params` laid over it.
 * Several deployments may share it.
 */
export interface ProbeTarget extends UpstreamCall {
  readonly id: TargetId;
  /** Key of its holds: the same for every API key. */
  readonly holdKey: HoldKey;
  /** Short human name for log lines, such as `openai/gpt-4o-mini`. */
  readonly name: string;
  /** `other` is never asked for an answer; its level is `models` at most. */
  readonly mode: ProbeMode | 'other';
  readonly level: Level;
  readonly intervalMs: number;
  /** Deadline of one probe. */
  readonly timeoutMs: number;
  /** Absent: no limit is sent, unless the vendor demands one. */
  readonly maxTokens?: number;
  /** Name of the limit: reasoning models reject or ignore the other name. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  readonly reasoningEffort?: string;
  readonly prompt: string;
  /** Merged into the body of the probe, `extra_body` among it; its values win over the defaults, not over the fields above. */
  readonly healthCheckParams: Readonly<Record<string, unknown>>;
  /** True if at least one of its deployments has background probes. */
  readonly background: boolean;
  /** Name for the price list: `base_model` if given. */
  readonly priceModel: string;
  readonly price?: Price;
}
