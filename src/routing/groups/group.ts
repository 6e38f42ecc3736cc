import type { Member } from '../member.ts';

/** A model group with its deployments. */
export interface Group {
  readonly name: string;
  /** By `order`, lowest first; those without one last. */
  readonly members: readonly Member[];
  /** True if the name is a pattern such as `openai/*`. */
  readonly kind: 'named' | 'wildcard';
  /** Reused by each pick, so that a request allocates no list. */
  readonly candidates: Member[];
}

/** Groups the members, and sets the weight of each within its group. */
export function groupsOf(members: Iterable<Member>): ReadonlyMap<string, Group> {
  const byName = new Map<string, Member[]>();
  for (const member of members) {
    const { group } = member.deployment;
    const list = byName.get(group);
    if (list === undefined) byName.set(group, [member]);
    else list.push(member);
  }
  return new Map([...byName].map(([name, list]) => [name, groupOf(name, list)]));
}

/** Order of a member: `Infinity` without one. */
export function orderOf({ deployment }: Member): number {
  return deployment.order ?? Infinity;
}

function groupOf(name: string, members: readonly Member[]): Group {
  weigh(members);
  return {
    name,
    members: members.toSorted(byOrder),
    kind: name.includes('*') ? 'wildcard' : 'named',
    candidates: [...members],
  };
}

function byOrder(one: Member, other: Member): number {
  const [a, b] = [orderOf(one), orderOf(other)];
  return a === b ? 0 : a - b;
}

/** As LiteLLM: the first of weight, rpm and tpm that any deployment of the group has; those without it get 0. */
function weigh(members: readonly Member[]): void {
  const key = (['weight', 'rpm', 'tpm'] as const).find((name) => members.some(({ deployment }) => deployment[name]));
  for (const member of members) member.weight = key === undefined ? 1 : (member.deployment[key] ?? 0);
}
