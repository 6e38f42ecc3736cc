import type { Level, TargetId } from '../../health/index.ts';
import type { FleetTarget } from '../options.ts';

/** How pods probe a target: at which level, and on schedule or only on demand. */
export type ProbeSetting = Pick<FleetTarget, 'level' | 'background'>;

const marks: readonly (readonly [mark: string, look: ProbeSetting])[] = [
  ['.c', { level: 'connect', background: true }],
  ['.m', { level: 'models', background: true }],
  ['.C', { level: 'connect', background: false }],
  ['.M', { level: 'models', background: false }],
  ['.I', { level: 'inference', background: false }],
];

/**
 * One entry of a target list: the target, and how its pods probe it. The usual case is the plain id.
 *
 * @example
 * targetListEntry({ id: 'ab12', level: 'models', background: true }) // 'ab12.m'
 */
export function targetListEntry({ id, level, background }: ProbeSetting & { readonly id: TargetId }): string {
  return id + (marks.find(([, look]) => look.level === level && look.background === background)?.[0] ?? '');
}

/** Parses a {@link targetListEntry}. */
export function parseTargetListEntry(entry: string): [TargetId, ProbeSetting] {
  const marked = marks.find(([mark]) => entry.endsWith(mark));
  if (marked === undefined) return [entry, { level: 'inference' satisfies Level, background: true }];
  return [entry.slice(0, -2), marked[1]];
}
