import type { TargetId } from '../../health/index.ts';
import { isTargetId } from './names.ts';

// Target lists lie among the members: `!targets:<print>` is the number of pieces, written when all of them are there;
// `!targets:<print>:<piece>/<pieces>` is one piece. The number is in the name, so that pieces cut in two ways, by pods
// of two versions, never make one list.

/** Prefix of all fields that hold target lists. */
export const TARGETS_FIELD = '!targets:';

/** The field that says that a list is known, and of how many pieces it is. */
export function listField(hash: string): string {
  return TARGETS_FIELD + hash;
}

export function pieceField(hash: string, piece: number, pieces: number): string {
  return `${listField(hash)}:${piece}/${pieces}`;
}

/** The print that a field belongs to. */
export function printOfField(field: string): string {
  return /^!targets:([^:]*)/.exec(field)?.[1] ?? '';
}

/** The print that a member's JSON shows, found without parsing, as the scripts find it. */
export function targetsHashIn(json: string): string | undefined {
  return /"targetsHash":"([A-Za-z0-9._-]+)"/.exec(json)?.[1];
}

/** `[<id> <id> …]`: a text that a script can check with one pattern. */
export function pieceText(targets: readonly TargetId[]): string {
  return `[${targets.join(' ')}]`;
}

/** Reads {@link pieceText}; `null` for anything else. */
export function pieceFrom(text: string | null | undefined): readonly TargetId[] | null {
  const inner = /^\[([A-Za-z0-9@._ -]*)\]$/.exec(text ?? '')?.[1];
  if (inner === undefined) return null;
  return inner.split(' ').filter(isTargetId);
}
