import type { HoldBody } from '../../api/index.ts';
import type { Hold } from '../../ports/index.ts';
import { isoOf, isoOrNull } from '../times.ts';

/** A hold as every answer shows it. */
export function heldOf(hold: Hold): HoldBody;
export function heldOf(hold: Hold | null): HoldBody | null;
export function heldOf(hold: Hold | null): HoldBody | null {
  if (hold === null) return null;
  const { kind, by, reason, until } = hold;
  // The version is the store's time when it was decided.
  const at: number = hold.version;
  return { kind, by, reason, at: isoOf(at), until: isoOrNull(until) };
}

/** The same in one line, for where LiteLLM has an error. */
export function heldLine({ kind, by, reason, until }: Hold): string {
  return `held: ${kind} by ${by}${until === null ? '' : ` until ${isoOf(until)}`}: ${reason}`;
}
