import type { Member } from '../member.ts';

/** A deployment that failed in this request. */
export interface Tried {
  readonly member: Member;
  times: number;
  /** False once it failed in a way that another attempt cannot help. */
  transient: boolean;
}

/** A request makes at most this many attempts at one deployment. */
const MOST_TIMES = 2;

/** Counts a failure. */
export function noteTried(list: Tried[], member: Member, kind: 'transient' | 'lasting'): void {
  const known = list.find((one) => one.member === member);
  if (known === undefined) {
    list.push({ member, times: 1, transient: kind === 'transient' });
    return;
  }
  known.times++;
  if (kind === 'lasting') known.transient = false;
}

/** True if the request has tried it. */
export function isTried(list: readonly Tried[], member: Member): boolean {
  return list.some((one) => one.member === member);
}

/** True if the request has tried it, and may once more. */
export function mayTryAgain(list: readonly Tried[], member: Member): boolean {
  return list.some((one) => one.member === member && one.transient && one.times < MOST_TIMES);
}
