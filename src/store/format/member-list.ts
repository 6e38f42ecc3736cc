import type { PodId } from '../../health/index.ts';
import type { MemberInfo } from '../../ports/index.ts';
import { byPod, memberFrom } from './member.ts';

/** A member's JSON; empty for one that is gone. */
export type MemberRow = readonly [pod: PodId, json: string];

/** What a heartbeat asks by: the digest that the roster had, and which question it is. */
export interface MemberListQuestion {
  readonly digest: string;
  readonly number: number;
}

/** The members as they were last read, and by which digest. */
export interface MemberList {
  /** By pod id; the same array for as long as nothing changes. */
  readonly members: readonly MemberInfo[];
  ask(): MemberListQuestion;
  /** All members, as they were no earlier than at `digest`. */
  replace(asked: MemberListQuestion, digest: string, rows: readonly MemberRow[]): void;
  /** What changed between the digest that was asked by and `digest`, as it is now. */
  apply(asked: MemberListQuestion, digest: string, rows: readonly MemberRow[]): void;
}

/**
 * Keeps a list of members up to date by their changes. Answers may come in another order than their questions were
 * sent: changes count only from the digest that they were asked by, and a list never overrules the answer to a later
 * question. What is left out for that comes with the next answer.
 */
export function memberList(): MemberList {
  let [digest, asked, taken] = ['-', 0, 0];
  let members: readonly MemberInfo[] = [];
  return {
    get members() {
      return members;
    },
    ask: () => {
      asked += 1;
      return { digest, number: asked };
    },
    replace: ({ number }, next, rows) => {
      if (number < taken) return;
      [taken, digest] = [number, next];
      members = membersIn(rows);
    },
    apply: ({ number, digest: from }, next, rows) => {
      if (from !== digest) return;
      [taken, digest] = [number, next];
      const changed = new Set(rows.map(([pod]) => pod));
      members = merged(
        members.filter(({ pod }) => !changed.has(pod)),
        membersIn(rows),
      );
    },
  };
}

/** By pod id; of a pod that two pages met, what was met last. */
function membersIn(rows: readonly MemberRow[]): readonly MemberInfo[] {
  const found = new Map<PodId, MemberInfo>();
  for (const [pod, json] of rows) {
    const member = json === '' ? undefined : memberFrom(pod, json);
    if (member !== undefined) found.set(pod, member);
  }
  return [...found.values()].toSorted(byPod);
}

/** Two lists in order as one: sorting a thousand members for each that comes would take a hundred times as long. */
function merged(members: readonly MemberInfo[], added: readonly MemberInfo[]): readonly MemberInfo[] {
  const all: MemberInfo[] = [];
  let next = 0;
  for (const member of members) {
    for (let one = added[next]; one !== undefined && byPod(one, member) < 0; one = added[next]) {
      all.push(one);
      next += 1;
    }
    all.push(member);
  }
  return [...all, ...added.slice(next)];
}
