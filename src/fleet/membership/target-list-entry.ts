import type { Level, TargetId } from '../../health/index.ts';
import type { FleetTarget } from '../options.ts';

/** How pods look at a target: how deep, and whether on schedule or only when somebody asks. */
export type ProbeSetting = Pick<FleetTarget, 'level' | 'background'>;

const marks: readonly (readonly [mark: string, look: ProbeSetting])[] = [
  ['.c', { level: 'connect', background: true }],
  ['.m', { level: 'models', background: true }],
  ['.C', { level: 'connect', background: false }],
  ['.M', { level: 'models', background: false }],
  ['.I', { level: 'inference', background: false }],
];

/**
 * One entry of the list behind a print: a target, and how its pods look at it. The plain id is the usual case.
 *
 * @example
 * targetListEntry({ id: 'ab12', level: 'models', background: true }) // 'ab12.m'
 */
export function targetListEntry({ id, level, background }: ProbeSetting & { readonly id: TargetId }): string {
  return id + (marks.find(([, look]) => look.level === level && look.background === background)?.[0] ?? '');
}

/** Reads {@link targetListEntry}. */
export function parseTargetListEntry(entry: string): [TargetId, ProbeSetting] {
  const marked = marks.find(([mark]) => entry.endsWith(mark));
  if (marked === undefined) return [entry, { level: 'inference' satisfies Level, background: true }];
  return [entry.slice(0, -2), marked[1]];
}
