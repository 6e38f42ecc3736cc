import type { Member } from '../member.ts';
import type { RoutingSettings } from '../types.ts';
import { groupsOf } from './group.ts';
import type { Group } from './group.ts';
import { bySpecificity, matchesWildcard } from './wildcard.ts';

/** A name that a caller or a list of fallbacks has, and the group that it leads to. */
export interface NamedGroup {
  /** As written. */
  readonly name: string;
  /** The alias resolved; the name that a wildcard matched. */
  readonly model: string;
  readonly group: Group;
}

/** The name that the group matched by its wildcard; undefined for any other group. */
export function matchedModel({ model, group }: NamedGroup): string | undefined {
  return group.kind === 'wildcard' ? model : undefined;
}

/** All names of one configuration. */
export interface ModelNames {
  readonly groups: ReadonlyMap<string, Group>;
  /** Undefined where no group, alias or wildcard matches. */
  find(name: string): NamedGroup | undefined;
}

/** As LiteLLM: an alias first, then the group of that name, then the most specific wildcard. */
export function namesOf(members: Iterable<Member>, { aliases }: RoutingSettings): ModelNames {
  const groups = groupsOf(members);
  const wildcards = [...groups.values()].filter(({ kind }) => kind === 'wildcard');
  const patterns = wildcards.toSorted((one, other) => bySpecificity(one.name, other.name));
  const exact = new Map<string, NamedGroup>();

  const resolve = (name: string, model: string): NamedGroup | undefined => {
    const group = groups.get(model) ?? patterns.find((pattern) => matchesWildcard(pattern.name, model));
    return group === undefined ? undefined : { name, model, group };
  };
  for (const group of groups.values()) exact.set(group.name, { name: group.name, model: group.name, group });
  for (const [alias, model] of Object.entries(aliases)) {
    const found = resolve(alias, model);
    if (found !== undefined) exact.set(alias, found);
  }
  return { groups, find: (name) => exact.get(name) ?? resolve(name, name) };
}
