import type { PodId } from '../../health/index.ts';
import type { MemberInfo } from '../../ports/index.ts';
import { byPod, memberFrom } from './member.ts';

/** JSON of a member; empty for one that left. */
export type MemberRow = readonly [pod: PodId, json: string];

/** Request of a heartbeat: the digest that the list had, and the number of the request. */
export interface MemberListQuestion {
  readonly digest: string;
  readonly number: number;
}

/** Members as last read, with their digest. */
export interface MemberList {
  /** By pod id; the same array while nothing changes. */
  readonly members: readonly MemberInfo[];
  ask(): MemberListQuestion;
  /** All members, read no earlier than at `digest`. */
  replace(asked: MemberListQuestion, digest: string, rows: readonly MemberRow[]): void;
  /** Members that changed between the digest of the request and `digest`. */
  apply(asked: MemberListQuestion, digest: string, rows: readonly MemberRow[]): void;
}

/**
 * Updates a list of members by their changes. Answers may arrive in another order than their requests: changes apply only
 * to the digest of their request, and a full list never replaces the answer to a later request. The next answer contains
 * what was skipped.
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

/** Members by pod id. If two pages contain the same pod, the later one counts. */
function membersIn(rows: readonly MemberRow[]): readonly MemberInfo[] {
  const found = new Map<PodId, MemberInfo>();
  for (const [pod, json] of rows) {
    const member = json === '' ? undefined : memberFrom(pod, json);
    if (member !== undefined) found.set(pod, member);
  }
  return [...found.values()].toSorted(byPod);
}

/** Merges two sorted lists. Sorting a thousand members for each new one would take a hundred times as long. */
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
