import type { FailureClass, TargetId } from '../health/index.ts';
import type { RoutingSettings } from '../ports/index.ts';

export type { ErrorPolicy, FallbackLists, PolicyError, RoutingSettings, Strategy } from '../ports/index.ts';

/** A deployment as routing sees it: no address, no credential. */
export interface RoutedDeployment {
  /** `model_info.id`, or LiteLLM's hash. */
  readonly id: string;
  /** Model group: `model_name`. */
  readonly group: string;
  /** The target whose health stands for it. */
  readonly target: TargetId;
  readonly weight?: number;
  /** Requests per minute, of the whole fleet. */
  readonly rpm?: number;
  /** Tokens per minute, of the whole fleet. */
  readonly tpm?: number;
  /** Requests at once, of the whole fleet. */
  readonly maxParallel?: number;
  /** Deployments with a lower number go first. */
  readonly order?: number;
  /** US dollars per input and per output token together; for `cost-based-routing`. */
  readonly usdPerToken?: number;
  /** Deadline of one attempt, ms. */
  readonly timeoutMs?: number;
  readonly streamTimeoutMs?: number;
  /** Further attempts in the group after a failure here, where no retry policy says a number. */
  readonly retries?: number;
  /** Length of an ejection because of its failures; 0: none. */
  readonly cooldownMs?: number;
  readonly tags: readonly string[];
}

/** Why an upstream refused what the caller asked for. Such an answer proves nothing about the upstream. */
export type CallerFault = 'context-window' | 'content-policy' | 'bad-request';

/** End of one attempt. */
export type AttemptOutcome =
  | {
      readonly kind: 'success';
      /** Until the first byte of the answer's body. */
      readonly firstByteMs: number;
      readonly durationMs: number;
      /** As the upstream counted them; absent where it did not say. */
      readonly tokens?: { readonly input: number; readonly output: number };
    }
  | {
      readonly kind: 'failure';
      readonly class: FailureClass;
      /** HTTP status; absent where there was none. */
      readonly status?: number;
      /** `Retry-After` of the answer. */
      readonly retryAfterMs?: number;
      /** `after-first-byte`: the client has got part of the answer, so there is no other attempt. */
      readonly phase: 'before-first-byte' | 'after-first-byte';
      readonly durationMs: number;
      /** `none`: it says nothing about the deployment, but another one may do better, such as one that has the model that the caller named. */
      readonly evidence?: 'none';
    }
  | { readonly kind: 'caller-fault'; readonly fault: CallerFault; readonly status: number; readonly durationMs: number }
  /** This deployment cannot take the request, which was not sent; another one of its group may. */
  | { readonly kind: 'unsent'; readonly durationMs: number }
  /** The client left, or this pod had no descriptor, memory or time: no evidence about the deployment. */
  | { readonly kind: 'neutral'; readonly durationMs: number };

/** Reason for the choice of a deployment, for traces and metrics. */
export type AttemptWhy =
  /** First attempt, at a routable deployment. */
  | 'first'
  /** After a failure, at another routable deployment of the group. */
  | 'failover'
  /** Again at a deployment that has failed in this request. */
  | 'again'
  /** At another model group. */
  | 'fallback'
  /** The one request that tests a deployment after its ejection, or in the place of a probe of the fleet. */
  | 'trial'
  /** Its `Retry-After` has not passed, and nothing else is routable. */
  | 'rate-limited'
  /** Nothing else is routable, so a deployment that is down, suspect, ejected or drained is tried. */
  | 'panic';

/** Next step of a request. */
export type Step =
  | {
      readonly kind: 'attempt';
      readonly deployment: RoutedDeployment;
      /** Present where the group is a wildcard: the name that matched it, of which the upstream's model is made. */
      readonly model?: string;
      /** From 1. */
      readonly number: number;
      /** Wait before it, ms; 0 for most. */
      readonly waitMs: number;
      readonly timeoutMs: number;
      /** Fixed words for the trace: why this deployment. */
      readonly why: AttemptWhy;
    }
  | {
      readonly kind: 'give-up';
      /**
       * - `failed`: the last outcome stands.
       * - `no-deployment`: nothing is routable for this request, such as by its tags.
       * - `not-served`: no deployment has what the request needs ({@link RoutedRequest.serves}).
       * - `deadline`: the caller's deadline passed before the first attempt.
       * - `over-limit`: all deployments are at their own limits of rpm, tpm or requests at once.
       */
      readonly why: 'failed' | 'no-deployment' | 'not-served' | 'deadline' | 'over-limit';
      /** When it makes sense to ask again; for `Retry-After`. */
      readonly retryAfterMs?: number;
    };

/** What a request asks of routing. */
export interface RoutedRequest {
  /** As the caller wrote it: group, alias, or a name that a wildcard group matches. */
  readonly model: string;
  readonly stream: boolean;
  readonly tags: readonly string[];
  /** When the caller gives up, monotonic ms; `Infinity` for no limit. */
  readonly deadlineMs: number;
  /** Rough size of the prompt, for `tpm`. */
  readonly inputTokens: number;
  /** The groups that this caller may use; a fallback to any other is skipped. */
  readonly mayUse: (group: string) => boolean;
  /**
   * False for a deployment that lacks what the request needs, such as its endpoint: no attempt goes there. `model`: the name that a
   * wildcard group matched. Absent: every deployment has it. Called for each candidate.
   */
  readonly serves?: (deployment: string, model: string | undefined) => boolean;
  /** True if its first attempt may test a deployment that is not up: then it must be able to make another one. */
  readonly mayTest?: boolean;
}

/** The attempts of one request, one after the other. */
export interface RequestPlan {
  /** The model group that the request was for, aliases and wildcards resolved. */
  readonly group: string;
  /** The first step, or the one after the outcome of the last attempt. Counts the attempt as in flight. */
  next(): Step;
  /** Ends the attempt that {@link next} gave. Call it exactly once for each attempt, also where the client left. */
  ended(outcome: AttemptOutcome): void;
}

/**
 * Use of a deployment, best first. The next one is used only while none of the group and its fallbacks has a better one:
 *
 * - `routable`: up, degraded or never judged, and not avoided by this pod.
 * - `rate-limited`: its `Retry-After` has not passed.
 * - `avoided`: down, suspect or ejected.
 * - `drained`: taken out of traffic by an operator.
 */
export type Standing = 'routable' | 'rate-limited' | 'avoided' | 'drained';

/** Chooses deployments by fleet health, and learns from every outcome. */
export interface Router {
  /** `unknown-model` where no group, alias or wildcard matches, or the caller may not use it. */
  plan(request: RoutedRequest): RequestPlan | 'unknown-model';
  /** Learns from a request that was not planned here; unknown deployments are ignored. */
  report(deployment: string, outcome: AttemptOutcome): void;
  /** How requests use the deployment now; undefined for an unknown one. */
  standing(deployment: string): Standing | undefined;
  /** Applies another configuration. Counters and local evidence of deployments that stay are kept. */
  reconfigure(deployments: readonly RoutedDeployment[], settings: RoutingSettings): void;
}
