import type { StoreTime } from '../../health/index.ts';
import type { TargetsInput, TargetsKnown, TargetsPiece } from '../../ports/index.ts';
import {
  boundedText,
  listField,
  LONGEST_PIECE,
  membershipFrom,
  pieceField,
  pieceFrom,
  pieceText,
  printOfField,
  stampFrom,
  TARGETS_FIELD,
  targetsHashIn,
  type MemberEntry,
} from '../format/index.ts';
import type { FleetState } from './state.ts';

/** Stores a piece for a live member with this hash. The list is known once all pieces exist. */
export function writeTargets(state: FleetState, now: StoreTime, input: TargetsInput): TargetsKnown {
  const { pod, targetsHash, piece, pieces, targets } = input;
  const member = membershipFrom(state.pods.get(pod) ?? '');
  if (member === undefined || member.until <= now || targetsHashIn(member.json) !== targetsHash) return 'unknown';
  if (listKnown(state, targetsHash) === 'known') return 'known';
  state.pods.set(pieceField(targetsHash, piece, pieces), pieceText(targets));
  for (let other = 0; other < pieces; other += 1) {
    if (!state.pods.has(pieceField(targetsHash, other, pieces))) return 'unknown';
  }
  state.pods.set(listField(targetsHash), String(pieces));
  return 'known';
}

/** One piece. If it is missing or garbage, the list becomes unknown, so that its pods write it again. */
export function readTargets(state: FleetState, targetsHash: string, piece: number): TargetsPiece | null {
  const pieces = stampFrom(state.pods.get(listField(targetsHash)));
  if (pieces === undefined || piece >= pieces) return null;
  const targets = pieceFrom(boundedText(state.pods.get(pieceField(targetsHash, piece, pieces)) ?? '', LONGEST_PIECE));
  if (targets !== null) return { pieces, targets };
  state.pods.delete(listField(targetsHash));
  return null;
}

export function listKnown(state: FleetState, targetsHash: string): TargetsKnown {
  return stampFrom(state.pods.get(listField(targetsHash))) === undefined ? 'unknown' : 'known';
}

export function removeListsBut(state: FleetState, live: readonly MemberEntry[]): void {
  const shown = new Set(live.map(({ json }) => targetsHashIn(json)));
  for (const field of state.pods.keys()) {
    if (field.startsWith(TARGETS_FIELD) && !shown.has(printOfField(field))) state.pods.delete(field);
  }
}
