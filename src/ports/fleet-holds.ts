import type { PodId, StoreTime, TargetId, Version } from '../health/index.ts';

/**
 * What is held: an upstream by its identity without the credential, so that a new key keeps the hold, or
 * {@link PROBING}. Targets that differ in nothing but the credential share their hold.
 */
export type HoldKey = string & { readonly brand?: 'HoldKey' };

/** The place of the whole fleet's probing. */
export const PROBING: HoldKey = '*';

/**
 * - `drain`: gets no traffic, and is probed all the same.
 * - `hold-up`: counts as up, whatever its probes say.
 * - `pause`: of {@link PROBING}: no pod probes, but for checks that a person asks for.
 * - `none`: ended. Kept for {@link ENDED_KEPT_MS}, so that a pod that still knows the hold cannot bring it back.
 */
export type HoldKind = 'drain' | 'hold-up' | 'pause' | 'none';

/** What an operator decided, as the fleet knows it. Never a fact about the target: those stay as they are. */
export interface Hold {
  /** `max(previous + 1, store time)` when it was decided: the higher one counts, whoever tells it, and when. */
  readonly version: Version;
  readonly kind: HoldKind;
  /** When it ends by itself; null for never. */
  readonly until: StoreTime | null;
  readonly by: string;
  readonly reason: string;
}

/** A hold as it was found: `garbage` is nobody's decision, and whatever is decided next replaces it. */
export type StoredHold =
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'garbage'; readonly shown: string };

/** What lies at one place. */
export interface KeyedHold {
  readonly key: HoldKey;
  readonly stored: StoredHold;
}

/** How long an ended hold is remembered: longer than any pod is cut off and still believed. */
export const ENDED_KEPT_MS: number = 24 * 3_600_000;

/** A new decision, or, with its version, one that the store may have lost. */
export interface HoldRequest extends Omit<Hold, 'version'> {
  readonly key: HoldKey;
  readonly version?: Version;
  /** Of a new decision: the version of the one that it follows, as far as the asker knows. Absent: none. */
  readonly after?: Version;
}

/**
 * Rules, in this order:
 *
 * 1. With a version, and the stored one is not lower: `known`.
 * 2. Without one, and the same is stored already, not lower than `after`: `known`, so that asking twice is asking once.
 * 3. `written`: with the given version, else with `max(stored + 1, after + 1, now)`: what the store lost, and pods still
 *    know, must not beat what is decided now, though its clock was set back. One event for all that were.
 */
export interface HoldInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  /** Name for the data's life, used only if the store has none yet. */
  readonly newEpoch: string;
  readonly holds: readonly HoldRequest[];
}

/** What the store holds now, in the order of the requests. */
export interface HoldAnswer {
  readonly kind: 'written' | 'known';
  readonly stored: StoredHold;
}

/** Removes holds of the given versions that ended, or whose time was over, {@link ENDED_KEPT_MS} ago. */
export interface HoldSweepInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly holds: readonly { readonly key: HoldKey; readonly version: Version }[];
}

/** What an operator wants. */
export interface HoldOrder extends Omit<Hold, 'version'> {
  /** A target of this pod's list, and with it all that differ from it in nothing but the credential. */
  readonly on: TargetId | 'probing';
}

/** What became of an order. It counts for the whole fleet, or nothing was changed, or nobody knows. */
export type HoldOutcome =
  | { readonly kind: 'stored'; readonly change: 'made' | 'none'; readonly hold: Hold }
  | { readonly kind: 'unknown-target' }
  /** `done` is `unknown` where the store may have carried it out before it was lost. */
  | { readonly kind: 'store-lost'; readonly why: string; readonly done: 'nothing' | 'unknown' };

/** For callers who may decide on holds. */
export interface FleetHolder {
  /** Decides for the whole fleet, or for nobody: without the store nothing is changed. Answers within two deadlines. */
  decide(order: HoldOrder): Promise<HoldOutcome>;
}
