import type { HostId, PodId, StoreTime, TargetId } from '../health/index.ts';

/** A pod's description of itself in its heartbeat. All values are short and free of secrets. */
export interface MemberInfo {
  readonly pod: PodId;
  /** Name for people, such as that of the host; absent in pods of earlier versions. */
  readonly name?: string;
  readonly version: string;
  /** Hashes of the policy and of the set of targets. */
  readonly policyHash: string;
  readonly targetsHash: string;
  readonly startedAt: number;
  /** Fails at most upstream hosts while others succeed: it neither claims nor reports failures. */
  readonly impaired: boolean;
  /** Host by which it counts as a witness; the same after a restart in place. */
  readonly host: HostId;
  /** Failure domain, for example a node or a zone. */
  readonly domain: string;
  /** Targets without recent evidence by a fault of this pod; only {@link ALL_TARGETS} if there are more than {@link MAX_UNABLE}. */
  readonly blind: readonly TargetId[];
  /** Targets that this pod alone fails to reach, so it does not count as their witness. Limited as `blind`. */
  readonly unreached: readonly TargetId[];
  /** How far its copy of the fleet's health is behind the store; absent before its first resync, and in earlier versions. */
  readonly lag?: MemberLag;
}

/** Lag of a pod, in steps, so that it rarely changes. */
export interface MemberLag {
  /** It is at least this long, s: 0, 0.1, 1, 10 or 60. A newer version may publish others. */
  readonly seconds: number;
  /** Start of this step, store clock, ms. */
  readonly since: number;
}

/** Most targets in {@link MemberInfo.blind} and {@link MemberInfo.unreached}. */
export const MAX_UNABLE = 64;
/** Means all targets. */
export const ALL_TARGETS: TargetId = '*';

/** A heartbeat: extends the membership to `ttlMs` from now. Nothing is done past `notAfter`. */
export interface HeartbeatInput {
  readonly info: MemberInfo;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
}

/** The live members, and whether the store needs the caller's target list. */
export interface HeartbeatAnswer {
  /**
   * Live members by pod id, including the caller. Members that do not parse are left out. The array is the same object as
   * in this handle's last answer while no member joined, left or changed.
   */
  readonly members: readonly MemberInfo[];
  /** `unknown`: the store lacks the list of the caller's `targetsHash`, so the caller writes it. */
  readonly targets: TargetsKnown;
}

/** `known`: the store has the whole target list of a hash. */
export type TargetsKnown = 'known' | 'unknown';

/**
 * A piece of a target list. A list is cut into `pieces` of at most {@link MAX_PIECE}, an empty list into one. Pods with the
 * same hash cut the same list in the same way, so any of them may write any piece, repeatedly and in any order. Rules, in
 * this order:
 *
 * 1. The pod is not a live member with this hash: nothing is stored, `unknown`. So a list never outlives its members.
 * 2. The list is known: `known`, and it is not changed.
 * 3. The piece is stored. With the last missing piece the list is known, until no live member has the hash.
 */
export interface TargetsInput extends TargetsPiece {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly targetsHash: string;
  /** Index of the piece, from 0. */
  readonly piece: number;
}

/** One piece of a target list as stored. */
export interface TargetsPiece {
  /** Number of pieces of the list. */
  readonly pieces: number;
  readonly targets: readonly TargetId[];
}

/** Most targets in one piece of a list: 33 kB of ids of 32 characters. */
export const MAX_PIECE = 1_000;
