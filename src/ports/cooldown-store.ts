import type { StoreLoss } from './store-answer.ts';

/**
 * The Redis keys through which LiteLLM's Router shares which deployments are cooling down. They lie on the Router's
 * Redis, which may be another one than the fleet's. Every method is bounded in time and never rejects.
 */
export interface CooldownStore {
  /** The cooldowns of these deployments, in LiteLLM's text, by `model_id`; deployments without one are absent. */
  read(modelIds: readonly string[]): Promise<CooldownAnswer<ReadonlyMap<string, string>>>;
  /** Keeps some cooldowns alive, and ends others if allswell wrote them. */
  keep(input: KeepCooldowns): Promise<CooldownAnswer<ReadonlyMap<string, CooldownOutcome>>>;
  /** Ends the connection, if it is one of its own. */
  close(): Promise<void>;
}

export type CooldownAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'lost'; readonly loss: StoreLoss };

export interface KeepCooldowns {
  /** By `model_id`: the text to keep there, in LiteLLM's form; null ends a cooldown of ours. */
  readonly texts: ReadonlyMap<string, string | null>;
  /** How long each text stays, ms. */
  readonly lifeMs: number;
}

/** `theirs`: LiteLLM's own cooldown lasts longer and was left as it is. */
export type CooldownOutcome = 'kept' | 'ended' | 'theirs' | 'none';
