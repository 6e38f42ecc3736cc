import type { StoreLoss } from './store-answer.ts';

/** The cooldown of one deployment, under the key that LiteLLM's Router reads about once per second. */
export interface Cooldown {
  /** HTTP status of the failure. LiteLLM writes it as text. */
  readonly status: number;
  /** Shown by LiteLLM in its errors; already redacted. */
  readonly reason: string;
  /** Unix time, s, at which it began. */
  readonly atSeconds: number;
  readonly seconds: number;
}

/** A cooldown as it was found in Redis: by allswell, or by a LiteLLM pod. */
export interface FoundCooldown {
  readonly by: 'allswell' | 'litellm';
  /** 0 where the text has none. */
  readonly status: number;
  /** Unix time, s. */
  readonly atSeconds: number;
  readonly seconds: number;
}

/**
 * The Redis keys through which LiteLLM's Router shares which deployments are cooling down. They lie on the Router's
 * Redis, which may be another one than the fleet's. Every method is bounded in time and never rejects.
 */
export interface CooldownStore {
  /** The cooldowns of these deployments by `model_id`; deployments without one are absent. */
  read(modelIds: readonly string[]): Promise<CooldownAnswer<ReadonlyMap<string, FoundCooldown>>>;
  /** Begins or renews some cooldowns, and ends others if allswell wrote them. */
  write(input: WriteCooldowns): Promise<CooldownAnswer<ReadonlyMap<string, CooldownOutcome>>>;
  /** Ends the connection, if it is one of its own. */
  close(): Promise<void>;
}

/** The answer of a command about cooldowns. A Redis that cannot be used is an answer, not an error. */
export type CooldownAnswer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'lost'; readonly loss: StoreLoss };

/** Cooldowns to begin or to renew, and to end, in one command. */
export interface WriteCooldowns {
  /** By `model_id`: the cooldown to write there; null ends one of ours. */
  readonly cooldowns: ReadonlyMap<string, Cooldown | null>;
  /** How long each key stays, ms. */
  readonly lifeMs: number;
  /** Checked together with the write, because another fleet may have written since the last read. None by default. */
  readonly guards?: readonly PoolGuard[];
}

/** Part of a pool: its deployments to cool, which need at least one of those to leave without a cooldown in force. */
export interface PoolGuard {
  readonly cools: readonly string[];
  /** Each with all of its ids: a cooldown under one of them is in force. */
  readonly leaves: readonly (readonly string[])[];
}

/**
 * - `last`: all that the guard of a pool leaves are cooled by now, so this one was not written.
 * - `theirs`: LiteLLM's own cooldown lasts longer and was left as it is.
 * - `blocked`: the key holds something that is no cooldown in force, and was left as it is. LiteLLM sends requests there.
 */
export type CooldownOutcome = 'written' | 'ended' | 'last' | 'theirs' | 'blocked' | 'none';
