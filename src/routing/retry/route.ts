import type { Group } from '../groups/group.ts';
import type { NamedGroup, ModelNames } from '../groups/names.ts';
import type { FallbackLists } from '../types.ts';

/** One model group on the way of a request: the one asked for, or a fallback. */
export interface Stop {
  readonly named: NamedGroup;
  /** Index of the stop whose fallback it is; -1 for a first one. A stop that is left out takes its fallbacks with it. */
  readonly parent: number;
}

/** Fallbacks of one kind by name; `*` for names without an entry. */
export type Fallbacks = ReadonlyMap<string, readonly string[]>;

/** As a map, so that a name such as `constructor` has no entry. */
export function fallbacksOf(lists: FallbackLists): Fallbacks {
  return new Map(Object.entries(lists));
}

/** Fallbacks of a stop: by the name as written, by its model, by its group, then the default. */
export function fallbackNames(fallbacks: Fallbacks, { name, model, group }: NamedGroup): readonly string[] {
  return fallbacks.get(name) ?? fallbacks.get(model) ?? fallbacks.get(group.name) ?? fallbacks.get('*') ?? [];
}

/**
 * All stops of a request in their order: each is followed by its own fallbacks, then by the next one of the list. No
 * group comes twice, so there is no cycle.
 *
 *   fallbacks a: [b, c], b: [d], d: [a]   →   a, b, d, c
 */
export function routeFrom(
  firsts: readonly NamedGroup[],
  names: ModelNames,
  fallbacks: Fallbacks,
  seen: Set<Group>,
): Stop[] {
  const stops: Stop[] = [];
  const visit = (named: NamedGroup, parent: number): void => {
    if (seen.has(named.group)) return;
    seen.add(named.group);
    const at = stops.push({ named, parent }) - 1;
    for (const name of fallbackNames(fallbacks, named)) {
      const next = names.find(name);
      if (next !== undefined) visit(next, at);
    }
  };
  for (const first of firsts) visit(first, -1);
  return stops;
}
