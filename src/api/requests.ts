import { z } from 'zod';
import { count, exactly, seconds, text, time } from './schema.ts';

/** Requests of one model group. */
export interface RecentGroupBody {
  readonly group: string;
  readonly requests: number;
  readonly answered: number;
  /** Error statuses but 400, 413 and 422, which are the client's fault. */
  readonly failed: number;
  readonly broken_off: number;
  readonly left_before_answer: number;
  /** 429: all deployments at their limits. Part of `failed`. */
  readonly over_limit: number;
  /** 429: no deployment left for the request. Part of `failed`. */
  readonly no_deployment: number;
  /** Sent to a deployment that is not routable, because none is. */
  readonly unroutable: number;
  readonly retries_refused: number;
}

/** A deployment with attempts in flight, or that clients left. */
export interface RecentDeploymentBody {
  readonly deployment: string;
  readonly group: string;
  readonly in_flight: number;
  readonly left_before_answer: number;
}

/** Requests to a target that keep failing while its probes pass. */
export interface UnconfirmedFailureBody {
  readonly target: string;
  readonly model: string | null;
  /** `pod`, `litellm`, or the name of another program that reports requests. */
  readonly reporter: { readonly kind: 'pod' | 'litellm' | 'program'; readonly name: string | null };
  /** Class of the newest failure. */
  readonly class: string;
  readonly at: string;
}

/** `requests` in `GET /fleet`: what requests met in the pod that was asked, within the last minute. */
export interface RecentRequestsBody {
  /** Time that the numbers cover: a minute, or less after the start. */
  readonly covered_seconds: number;
  /** 503: the limits of the pod. */
  readonly refused: number;
  readonly groups: readonly RecentGroupBody[];
  readonly deployments: readonly RecentDeploymentBody[];
  readonly unconfirmed_failures: readonly UnconfirmedFailureBody[];
}

export const recentRequests: z.ZodType<RecentRequestsBody> = exactly<RecentRequestsBody>({
  covered_seconds: seconds,
  refused: count,
  groups: z.array(
    exactly<RecentGroupBody>({
      group: text,
      requests: count,
      answered: count,
      failed: count,
      broken_off: count,
      left_before_answer: count,
      over_limit: count,
      no_deployment: count,
      unroutable: count,
      retries_refused: count,
    }),
  ),
  deployments: z.array(
    exactly<RecentDeploymentBody>({ deployment: text, group: text, in_flight: count, left_before_answer: count }),
  ),
  unconfirmed_failures: z.array(
    exactly<UnconfirmedFailureBody>({
      target: text,
      model: text.nullable(),
      reporter: exactly<UnconfirmedFailureBody['reporter']>({
        kind: z.enum(['pod', 'litellm', 'program']),
        name: text.nullable(),
      }),
      class: text,
      at: time,
    }),
  ),
});
