import type { StoreTime, TargetId } from '../health/index.ts';

/** Requests of one model group within the last minute, as one pod saw them. */
export interface RecentGroup {
  readonly group: string;
  readonly requests: number;
  readonly answered: number;
  /** Answered with an error status that is no fault of the client: all but 400, 413 and 422. */
  readonly failed: number;
  readonly brokenOff: number;
  /** The client left before the first byte of an answer. */
  readonly leftBeforeAnswer: number;
  /** Answered 429: all deployments are at their limits. Part of `failed`. */
  readonly overLimit: number;
  /** Answered 429: no deployment is left for the request. Part of `failed`. */
  readonly noDeployment: number;
  /** Sent to a deployment that is not routable, because none is. */
  readonly unroutable: number;
  /** Further attempts that the retry budget refused. */
  readonly retriesRefused: number;
}

/** One deployment with attempts in flight, or that clients left within the last minute. */
export interface RecentDeployment {
  readonly deployment: string;
  readonly group: string;
  readonly inFlight: number;
  /** Clients that left before its first byte. */
  readonly leftBeforeAnswer: number;
}

/** Requests of one pod within the last minute. */
export interface RecentRequests {
  /** Time that the numbers cover, ms: a minute, or less after the start. */
  readonly coveredMs: number;
  /** Answered 503: the limits of the pod. */
  readonly refused: number;
  readonly groups: readonly RecentGroup[];
  readonly deployments: readonly RecentDeployment[];
}

/** Reads what requests met, from memory. */
export interface RecentRequestsReader {
  recent(): RecentRequests;
  /** Requests since the start of the pod that were answered 503 because of the limits of the pod. */
  refusedInAll(): number;
}

/** Requests that keep failing while probes of the same target pass. */
export interface UnconfirmedFailure {
  readonly target: TargetId;
  /** `pod`: requests of this pod; `litellm`: events of LiteLLM; `program`: another reporter, with its name. */
  readonly reporter: { readonly kind: 'pod' | 'litellm' | 'program'; readonly name: string | null };
  /** Class of the newest failure. */
  readonly class: string;
  readonly at: StoreTime;
}
