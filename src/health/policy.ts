/** How one pod judges facts. Two pods may differ in it and still share the facts. */
export interface Policy {
  /** Good probes needed to be up again after having been down; at most 10. */
  readonly rise: number;
  /** Failures needed to be down, for classes that are not definite. */
  readonly fall: number;
  /** Distance between probes while a change is pending, ms; the interval where it is shorter. */
  readonly edgeIntervalMs: number;
}

/** LiteLLM fails on the first failure; we ask for a second one, at once. */
export const defaultPolicy: Policy = { rise: 1, fall: 2, edgeIntervalMs: 5_000 };
