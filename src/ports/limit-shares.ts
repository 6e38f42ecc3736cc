import type { LimitKind } from './limit-store.ts';

/** The limits that a deployment has in the configuration, for the whole fleet. Absent: no limit. */
export interface LimitedDeployment {
  readonly id: string;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly maxParallel?: number;
}

/** Part of a deployment's limits that this pod may use; null for no limit. */
export interface LimitShare {
  /** Requests per minute. */
  readonly rpm: number | null;
  /** Tokens per minute. */
  readonly tpm: number | null;
  /** Requests at once. */
  readonly maxParallel: number | null;
}

/** Use of one deployment by this pod. The object is reused: copy what is kept. */
export interface LimitUse {
  /** Requests and tokens of the last 61 s, those that wait for their start included. */
  readonly requests: number;
  readonly tokens: number;
  readonly inFlight: number;
  /** Requests, since the start of the pod, that passed the deployment over because its share was used up. */
  readonly refused: number;
  /** Estimated tokens of those requests. */
  readonly refusedTokens: number;
}

/** One limit of a deployment as a pod has it now. */
export interface LimitReading {
  readonly deployment: string;
  readonly kind: LimitKind;
  readonly limit: number;
  readonly share: number;
}

/** The limits of deployments, for metrics. */
export interface LimitsReader {
  limits(): readonly LimitReading[];
  /** Requests by deployment, since the start of the pod, that passed it over because its share was used up. */
  refusals(): ReadonlyMap<string, number>;
}

/** Reads a deployment's use in the minute that ends now; undefined for a deployment without counters. */
export type ReadLimitUse = (deployment: string, nowMs: number) => LimitUse | undefined;

/**
 * This pod's share of the deployments' own limits. Routing guarantees that in any 60 s it starts no more requests than the
 * share that was valid at the start of the newest one, and never has more at once. A request counts with the estimated size
 * of its prompt when it starts, and with the tokens that the upstream counted when it ends, so only tokens that an answer
 * has beyond the estimate can exceed a share of `tpm`. A share that shrinks ends no request: to give a part of it to
 * another pod, subtract what this pod used in the last minute first.
 */
export interface LimitShares {
  /** Knows these deployments from now on, and no others. */
  configure(deployments: readonly LimitedDeployment[], useOf: ReadLimitUse): void;
  /** The share as it is now. Called for each candidate of each request: constant time, no allocation. */
  shareOf(deployment: string): LimitShare;
  /** Called after each start, end and refusal at a deployment that has a limit: returns at once. */
  used(deployment: string, use: LimitUse): void;
}
