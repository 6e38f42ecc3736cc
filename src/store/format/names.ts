import type { PodId, TargetId } from '../../health/index.ts';
import { MAX_BATCH, MAX_PIECE, MOST_POOLS, PROBING } from '../../ports/index.ts';
import type { HoldKey } from '../../ports/index.ts';

// Texts in the store are separated by spaces and newlines, so a name must not contain them. Scripts use the same patterns.
const target = /^[A-Za-z0-9@._-]{1,256}$/;
const pod = /^[A-Za-z0-9@._:-]{1,128}$/;
const name = /^[A-Za-z0-9._-]{1,64}$/;

export function isTargetId(text: string): text is TargetId {
  return target.test(text);
}

export function isHoldKey(text: string): text is HoldKey {
  return text === PROBING || isTargetId(text);
}

export function isPodId(text: string): text is PodId {
  return pod.test(text);
}

/** Epochs and hashes. */
export function isName(text: string): boolean {
  return name.test(text);
}

/** Names in a command, to be checked. */
export interface NamesOfCommand {
  readonly pod?: PodId;
  readonly names?: readonly string[];
  /** A batch: at most {@link MAX_BATCH}. */
  readonly batch?: readonly { readonly target: TargetId }[];
  /** A batch of holds: at most {@link MAX_BATCH}. */
  readonly holdKeys?: readonly { readonly key: HoldKey }[];
  /** Pools of limits: at most {@link MOST_POOLS}. */
  readonly pools?: readonly object[];
  /** A piece of a target list. */
  readonly list?: { readonly piece: number; readonly pieces: number; readonly targets: readonly TargetId[] };
}

/** Most pieces of a target list: a million targets. A script reads each piece. */
const MOST_PIECES = 1_000;

/** Reason why a command cannot be sent: a bug of the caller. A value, because the port never rejects. */
export function problemOfNames(command: NamesOfCommand): string | undefined {
  if (command.pod !== undefined && !isPodId(command.pod)) return 'the pod id is not usable as a name';
  if (command.names?.some((text) => !isName(text)) === true) return 'an epoch or fingerprint is not usable as a name';
  const batch = command.batch ?? [];
  if (batch.length > MAX_BATCH) return `${batch.length} targets in one command, at most ${MAX_BATCH} are allowed`;
  if (!batch.every((entry) => isTargetId(entry.target))) return 'a target id is not usable as a name';
  const holdKeys = command.holdKeys ?? [];
  if (holdKeys.length > MAX_BATCH) return `${holdKeys.length} holds in one command, at most ${MAX_BATCH} are allowed`;
  if (!holdKeys.every(({ key }) => isHoldKey(key))) return 'the key of a hold has characters that are not allowed';
  const pools = command.pools ?? [];
  if (pools.length > MOST_POOLS) return `${pools.length} limits in one command, at most ${MOST_POOLS} are allowed`;
  return command.list === undefined ? undefined : problemOfPiece(command.list);
}

function problemOfPiece({ piece, pieces, targets }: NonNullable<NamesOfCommand['list']>): string | undefined {
  if (targets.length > MAX_PIECE) return `${targets.length} targets in one piece, at most ${MAX_PIECE} are allowed`;
  if (!(Number.isInteger(piece) && Number.isInteger(pieces) && pieces <= MOST_PIECES && piece >= 0 && piece < pieces)) {
    return `there is no piece ${piece} of ${pieces}`;
  }
  return targets.every((id) => isTargetId(id)) ? undefined : 'a target id is not usable as a name';
}
