import type { PodId } from '../../health/index.ts';
import { stampFrom } from './stamps.ts';

// Changes of the members are stored in the same hash: `!members` is the state after the last one, `!change:<number mod 256>`
// are the last 256. `lua/includes/membership.lua` defines them; the memory store writes the same texts.

export const MEMBERSHIP_FIELD = '!members';
/** Changes that are kept. A pod that missed more reads all members. */
export const MOST_CHANGES = 256;
/** More pods than a fleet has. */
export const MOST_MEMBERS = 2_000;
/** More fields than a fleet needs. A hash with so many is not read. */
export const MOST_FIELDS = 6_000;

/** One change of the members. */
export interface MemberChange {
  readonly number: number;
  readonly at: number;
  readonly pod: PodId;
}

/** State after the last change, with the counts that the last command left in the hash. */
export interface MembershipState {
  at: number;
  number: number;
  due: number;
  fields: number;
  members: number;
}

/** Text `<stamp us> <number> <due us> <fields> <members>`. */
export function membershipStateText({ at, number, due, fields, members }: MembershipState): string {
  return [at, number, due, fields, members].join(' ');
}

/** Parses {@link membershipStateText}; `undefined` for any other text. */
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

/** Parses {@link changeText}; `undefined` for any other text. */
export function changeFrom(text: string | undefined): MemberChange | undefined {
  const match = /^(\d+) (\d+) (.+)$/s.exec(text ?? '');
  const [number, at] = [stampFrom(match?.[1]), stampFrom(match?.[2])];
  return number === undefined || at === undefined ? undefined : { number, at, pod: match?.[3] ?? '' };
}
