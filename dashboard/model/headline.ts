import type { Group } from './groups.ts';
import { shownState, words } from './states.ts';
import type { Shown } from './states.ts';

/** The state of a fleet in one sentence, and how bad it is. */
export interface Headline {
  readonly tone: 'bad' | 'warning' | 'good';
  readonly text: string;
}

const troubles: readonly Shown[] = ['down', 'suspect', 'drained', 'degraded', 'held-up', 'unknown'];

/**
 * The worst news first: groups without a routable deployment, then targets that are not up.
 *
 * @example
 * headlineOf([]).text // 'This pod has no targets'
 */
export function headlineOf(groups: readonly Group[]): Headline {
  const targets = new Map(groups.flatMap((group) => group.targets.map((target) => [target.target, target] as const)));
  if (targets.size === 0) return { tone: 'warning', text: 'This pod has no targets' };
  const counts = new Map<Shown, number>();
  for (const target of targets.values()) counts.set(shownState(target), (counts.get(shownState(target)) ?? 0) + 1);
  const parts = troubles.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? [] : [`${count} ${words[state]}`];
  });
  const states = `${parts.join(', ')} of ${counted(targets.size, 'target')}`;
  const lost = groups.filter(({ routable }) => routable === 0).map(({ name }) => name);
  if (lost.length > 0) {
    const have = lost.length === 1 ? 'has' : 'have';
    return { tone: 'bad', text: `${listOf(lost)} ${have} no routable deployment: ${states}` };
  }
  if (parts.length === 0) {
    const all =
      targets.size === 1
        ? 'The only target is up'
        : `All ${targets.size} targets of ${counted(groups.length, 'group')} are up`;
    return { tone: 'good', text: all };
  }
  return { tone: counts.has('down') ? 'bad' : 'warning', text: `Every group is routable: ${states}` };
}

const NAMED = 3;

function listOf(names: readonly string[]): string {
  const named = names.slice(0, NAMED);
  const more = names.length - named.length;
  if (more > 0) return `${named.join(', ')} and ${counted(more, 'more group')}`;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`;
}

/** A number with its noun. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
