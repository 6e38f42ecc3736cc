import type { PodId } from '../../health/index.ts';
import { stampFrom } from './stamps.ts';

// The changes among the members are kept beside them: `!members` names the last one, `!change:<number mod 256>` are the
// last 256. `lua/includes/membership.lua` says what they mean; memory and Redis keep the same texts.

export const MEMBERSHIP_FIELD = '!members';
/** Changes that are kept: a pod that missed more reads all members. */
export const MOST_CHANGES = 256;
/** A fleet has fewer pods than that. */
export const MOST_MEMBERS = 2_000;
/** So many fields, members and all else, are a flood, which is not read at all. */
export const MOST_FIELDS = 6_000;

/** One change among the members. */
export interface MemberChange {
  readonly number: number;
  readonly at: number;
  readonly pod: PodId;
}

/** The last change among the members, and what the last command left in the hash. */
export interface MembershipState {
  at: number;
  number: number;
  due: number;
  fields: number;
  members: number;
}

/** `<stamp us> <number> <due us> <fields> <members>`. */
export function membershipStateText({ at, number, due, fields, members }: MembershipState): string {
  return [at, number, due, fields, members].join(' ');
}

/** Reads {@link membershipStateText}; `undefined` for anything else. */
export function membershipStateFrom(text: string | undefined): MembershipState | undefined {
  if (text === undefined || text.length > 100) return undefined;
  const parts = text.split(' ');
  const [at, number, due, fields, members] = parts.map((part) => stampFrom(part));
  if (parts.length !== 5 || at === undefined || number === undefined) return undefined;
  if (due === undefined || fields === undefined || members === undefined) return undefined;
  return { at, number, due, fields, members };
}

export function changeField(number: number): string {
  return `!change:${number % MOST_CHANGES}`;
}

export function isChangeField(field: string): boolean {
  return /^!change:\d+$/.test(field);
}

export function changeText({ number, at, pod }: MemberChange): string {
  return `${number} ${at} ${pod}`;
}

/** Reads {@link changeText}; `undefined` for anything else. */
export function changeFrom(text: string | undefined): MemberChange | undefined {
  const match = /^(\d+) (\d+) (.+)$/s.exec(text ?? '');
  const [number, at] = [stampFrom(match?.[1]), stampFrom(match?.[2])];
  return number === undefined || at === undefined ? undefined : { number, at, pod: match?.[3] ?? '' };
}
