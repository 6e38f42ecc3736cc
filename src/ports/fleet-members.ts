import type { HostId, PodId, StoreTime, TargetId } from '../health/index.ts';

/** What a pod says of itself; all values short and free of secrets. */
export interface MemberInfo {
  readonly pod: PodId;
  readonly version: string;
  /** Fingerprints: equal means the same policy, the same set of targets. */
  readonly policyHash: string;
  readonly targetsHash: string;
  readonly startedAt: number;
  /** Lost its way to most upstreams: neither claims nor reports. */
  readonly impaired: boolean;
  /** Where the pod runs, as a witness: the same after a restart in place. */
  readonly host: HostId;
  /** Pods of one failure domain tend to fail together: a node, a zone. */
  readonly domain: string;
  /** Targets that this pod got no evidence of lately, by a fault of its own; {@link ALL_TARGETS} alone for more than {@link MAX_UNABLE}. */
  readonly blind: readonly TargetId[];
  /** Targets that only this pod fails to reach: it does not count as their witness. Bounded like `blind`. */
  readonly unreached: readonly TargetId[];
}

/** Most targets in {@link MemberInfo.blind} and {@link MemberInfo.unreached}. */
export const MAX_UNABLE = 64;
/** Stands for every target in them. */
export const ALL_TARGETS: TargetId = '*';

/** "This pod lives", for `ttlMs`; nothing is done past `notAfter`. */
export interface HeartbeatInput {
  readonly info: MemberInfo;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
}

/** Who else lives, and what the store wants from the caller. */
export interface HeartbeatAnswer {
  /**
   * Live members by pod id, the caller included. What does not parse is left out. The same array as in this handle's
   * last answer for as long as no member came, went, or said something else of itself.
   */
  readonly members: readonly MemberInfo[];
  /** Whether the list behind the caller's `targetsHash` is known. If not, the caller brings it. */
  readonly targets: TargetsKnown;
}

/** Whether the store has the whole list behind a print. */
export type TargetsKnown = 'known' | 'unknown';

/**
 * A list behind a print, cut into `pieces` of at most {@link MAX_PIECE}, an empty list into one. Pods that show the same
 * print cut the same list in the same way, so that it does not matter which of them brings which piece, how often or
 * when. Rules, in this order:
 *
 * 1. The pod is no live member that shows the print: nothing is kept, `unknown`. So nothing outlives its members.
 * 2. The list is known: `known`, and it stays as it was.
 * 3. The piece is kept. With the last one missing the list is known, until no live member shows the print.
 */
export interface TargetsInput extends TargetsPiece {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly targetsHash: string;
  /** Which piece, from 0 on. */
  readonly piece: number;
}

/** One piece of a list, as it was brought. */
export interface TargetsPiece {
  /** Of how many pieces this is one. */
  readonly pieces: number;
  readonly targets: readonly TargetId[];
}

/** Most targets in one piece of a list: 33 kB of ids of 32 characters. */
export const MAX_PIECE = 1_000;
