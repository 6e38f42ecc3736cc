import type { TargetId } from '../../health/index.ts';
import { isTargetId } from './names.ts';

// Target lists are in the hash of the members: `!targets:<hash>` is the number of pieces, written when all of them exist;
// `!targets:<hash>:<piece>/<pieces>` is one piece. The number is in the name, so that pieces that two versions cut in
// different ways never form one list.

/** Prefix of all fields that hold target lists. */
export const TARGETS_FIELD = '!targets:';

/** Field with the number of pieces of a known list. */
export function listField(hash: string): string {
  return TARGETS_FIELD + hash;
}

export function pieceField(hash: string, piece: number, pieces: number): string {
  return `${listField(hash)}:${piece}/${pieces}`;
}

/** Hash of the list that a field belongs to. */
export function printOfField(field: string): string {
  return /^!targets:([^:]*)/.exec(field)?.[1] ?? '';
}

/** Targets hash in a member's JSON, found without parsing as in the scripts. */
export function targetsHashIn(json: string): string | undefined {
  return /"targetsHash":"([A-Za-z0-9._-]+)"/.exec(json)?.[1];
}

/** Text `[<id> <id> …]`, which a script can check with one pattern. */
export function pieceText(targets: readonly TargetId[]): string {
  return `[${targets.join(' ')}]`;
}

/** Parses {@link pieceText}; `null` for any other text. */
export function pieceFrom(text: string | null | undefined): readonly TargetId[] | null {
  const inner = /^\[([A-Za-z0-9@._ -]*)\]$/.exec(text ?? '')?.[1];
  if (inner === undefined) return null;
  return inner.split(' ').filter(isTargetId);
}
