/** How one pod judges facts. Two pods may differ in it and still share the facts. */
export interface Policy {
  /** Good probes needed to be up again after having been down; at most 10. */
  readonly rise: number;
  /** Failures needed to be down, for classes that are not definite. */
  readonly fall: number;
  /** Distance between probes while a change is pending, ms; the interval where it is shorter. */
  readonly edgeIntervalMs: number;
  /**
   * Longest distance between probes of trouble that only a person can end, ms, or the interval where that is longer; eight
   * intervals where it is absent. Evidence is not judged by it.
   */
  readonly backOffMs?: number;
}

/** LiteLLM fails on the first failure; we ask for a second one, at once. */
export const defaultPolicy: Policy = { rise: 1, fall: 2, edgeIntervalMs: 5_000 };
