import type { StoreLoss } from './store-answer.ts';

/**
 * - `on`: cooldowns are written.
 * - `observe`: they are only logged and counted.
 * - `off`: they are neither read nor written.
 */
export type CooldownMode = 'on' | 'observe' | 'off';

/** Why a deployment should get no requests. */
export type CooldownReason = 'down' | 'rate-limited' | 'drained';

/** A deployment that the fleet wants to keep out of LiteLLM's routing. */
export interface PlannedCooldown {
  readonly modelId: string;
  /** `model_name`. */
  readonly group: string;
  readonly reason: CooldownReason;
  /** One redacted line. */
  readonly why: string;
  /** Unix time, s, at which this pod planned it. */
  readonly since: number;
}

/** A deployment that is kept out of LiteLLM's routing, or with `observe` would be. */
export interface CooledDeployment extends PlannedCooldown {
  /** HTTP status that LiteLLM shows. */
  readonly status: number;
  /** Whose key is in force; null for none. LiteLLM's own is left in place while it lasts longer. */
  readonly by: 'allswell' | 'litellm' | null;
}

/** A failing deployment that stays routable, because its pool has no other. */
export interface LeftRoutableDeployment extends PlannedCooldown {
  /** The model group, and the tag where tags count. */
  readonly pool: string;
}

/** A cooldown that a LiteLLM pod began. */
export interface LitellmCooldown {
  readonly modelId: string;
  /** HTTP status of the failure; 0 for none. */
  readonly status: number;
  /** Unix time, s. */
  readonly since: number;
  readonly until: number;
}

/** Counts of one pod since it started. */
export interface CooldownCounts {
  /** Cooldowns that this pod began to write. */
  readonly written: Readonly<Record<CooldownReason, number>>;
  /** Cooldowns that were not set, because the deployment is the last routable one of its pool. */
  readonly refused: Readonly<Record<CooldownReason, number>>;
  /** Cooldowns that LiteLLM pods began. */
  readonly noticed: number;
  /** Write commands that succeeded: one per second while any cooldown is held. */
  readonly writes: number;
  /** Failed commands, by reason. */
  readonly failures: Readonly<Partial<Record<StoreLoss['code'], number>>>;
}

/** One pod's cooldowns for LiteLLM, read from memory at once. */
export interface CooldownView {
  /** The mode in force: the configured one, or less if an operator restricted it for the fleet. */
  readonly mode: CooldownMode;
  readonly configured: CooldownMode;
  /** This pod has the bridge's lease: it alone reads and writes the keys, and knows of them. */
  readonly leads: boolean;
  /** Why the keys cannot be read or written; null while they can. */
  readonly loss: StoreLoss | null;
  /** True if the Router has a Redis of its own, by `router_settings`. */
  readonly ownRedis: boolean;
  readonly cooled: readonly CooledDeployment[];
  readonly leftRoutable: readonly LeftRoutableDeployment[];
  readonly byLitellm: readonly LitellmCooldown[];
  readonly counts: CooldownCounts;
}
