import type { PodId, StoreTime, TargetId, Version } from '../health/index.ts';

/**
 * Key of a hold: an upstream by its identity without the credential, {@link PROBING}, or {@link COOLDOWNS}. Targets that
 * differ only in the credential share their hold, so it survives a new API key.
 */
export type HoldKey = string & { readonly brand?: 'HoldKey' };

/** Key of the hold on the whole fleet's probing. */
export const PROBING: HoldKey = '*';

/** Key of the hold that restricts the whole fleet's LiteLLM cooldowns. Pods of an older version ignore it. */
export const COOLDOWNS: HoldKey = '@cooldowns';

/**
 * - `drain`: the target gets no traffic. Probes go on.
 * - `hold-up`: the target counts as up, regardless of probes.
 * - `pause`, of {@link PROBING} only: no pod probes, except checks on demand.
 * - `cooldowns-observe`, of {@link COOLDOWNS} only: no pod writes LiteLLM cooldowns; they are logged and counted.
 * - `cooldowns-off`, of {@link COOLDOWNS} only: no pod reads or writes them.
 * - `none`: ended. Kept for {@link ENDED_KEPT_MS}, so that a pod with an old replica cannot restore the hold.
 */
export type HoldKind = 'drain' | 'hold-up' | 'pause' | 'cooldowns-observe' | 'cooldowns-off' | 'none';

/** An operator's decision. It does not change the target's facts. */
export interface Hold {
  /** `max(previous + 1, store time)` at the decision. The hold with the higher version counts. */
  readonly version: Version;
  readonly kind: HoldKind;
  /** Expiry; null for none. */
  readonly until: StoreTime | null;
  readonly by: string;
  readonly reason: string;
}

/** A hold as stored. `garbage` counts as no hold, and the next decision replaces it. */
export type StoredHold =
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'garbage'; readonly shown: string };

/** A stored hold with its key. */
export interface KeyedHold {
  readonly key: HoldKey;
  readonly stored: StoredHold;
}

/** Time for which an ended hold is kept: longer than a pod may be cut off and still restore its holds. */
export const ENDED_KEPT_MS: number = 24 * 3_600_000;

/** A new decision; with a version, an old one that the store may have lost. */
export interface HoldRequest extends Omit<Hold, 'version'> {
  readonly key: HoldKey;
  readonly version?: Version;
  /** Of a new decision: version of the hold that it replaces, as far as the pod knows. Absent: none. */
  readonly after?: Version;
}

/**
 * Rules, in this order:
 *
 * 1. With a version, and the stored one is not lower: `known`.
 * 2. Without a version, and an equal hold is stored, not lower than `after`: `known`, so a repeated request has no effect.
 * 3. Else `written`: with the given version, or with `max(stored + 1, after + 1, now)`. A hold that the store lost and that
 *    pods still know must not replace this one, even after the clock was set back. One event for all written holds.
 */
export interface HoldInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  /** Epoch to use if the store has none yet. */
  readonly newEpoch: string;
  readonly holds: readonly HoldRequest[];
}

/** The hold that is stored now, in the order of the requests. */
export interface HoldAnswer {
  readonly kind: 'written' | 'known';
  readonly stored: StoredHold;
}

/** Removes holds of the given versions that ended or expired {@link ENDED_KEPT_MS} ago. */
export interface HoldSweepInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly holds: readonly { readonly key: HoldKey; readonly version: Version }[];
}

/** An operator's order. */
export interface HoldOrder extends Omit<Hold, 'version'> {
  /** A target of this pod. The hold also applies to targets that differ from it only in the credential. */
  readonly on: TargetId | 'probing' | 'cooldowns';
}

/** Outcome of an order. It applies to the whole fleet, or nothing was changed, or that is unknown. */
export type HoldOutcome =
  | { readonly kind: 'stored'; readonly change: 'made' | 'none'; readonly hold: Hold }
  | { readonly kind: 'unknown-target' }
  /** `done` is `unknown` if the store may have written it before the connection was lost. */
  | { readonly kind: 'store-lost'; readonly why: string; readonly done: 'nothing' | 'unknown' };

/** Access for callers that may set holds. */
export interface FleetHolder {
  /** Sets or ends a hold for the whole fleet. Without the store nothing changes. Answers within two deadlines. */
  decide(order: HoldOrder): Promise<HoldOutcome>;
}
