/** Rules by which one pod judges facts. Pods with different policies share the same facts. */
export interface Policy {
  /** Successes in a row until a down target is up; at most 10. */
  readonly rise: number;
  /** Failures in a row until a target is down, for classes that are not definite. */
  readonly fall: number;
  /** Delay before a repeated confirmation, ms; the interval if that is shorter. */
  readonly edgeIntervalMs: number;
  /**
   * Longest time between probes of a failure that only an operator can end, ms; at least the interval. Absent: eight
   * intervals. It affects the schedule only, not the verdict.
   */
  readonly backOffMs?: number;
}

/** Policy without configuration. LiteLLM counts one failure as down; here a second one, probed at once, is needed. */
export const defaultPolicy: Policy = { rise: 1, fall: 2, edgeIntervalMs: 5_000 };
