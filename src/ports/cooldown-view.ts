/** One pod's cooldowns for LiteLLM, read from memory at once. Counts are of this pod since it started. */
export interface CooldownView {
  /** By the configuration, unless an operator switched them off for the fleet. */
  readonly mode: 'on' | 'observe' | 'off';
  /** This pod has the bridge's lease: it alone reads and writes the keys. */
  readonly leads: boolean;
  /** Why the keys cannot be read or written; null while they can. */
  readonly why: string | null;
  /** Deployments that are kept out of LiteLLM's routing, or with `observe` would be; since when in Unix seconds. */
  readonly cooled: readonly { readonly modelId: string; readonly since: number | null }[];
  /** Failing deployments that stay routable, because their pool has no other. */
  readonly kept: readonly { readonly modelId: string; readonly pool: string }[];
  /** Deployments that LiteLLM's own pods have cooled. */
  readonly byLitellm: readonly string[];
  readonly writes: number;
}
