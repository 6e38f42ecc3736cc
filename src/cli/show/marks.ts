import type { TargetPage } from '../ask/index.ts';

/**
 * The marks beside a state: stale, only this pod, and the flags. One that `why` says in the same words is left out, so that a
 * row says nothing twice.
 *
 * @example
 * marksOf({ stale: true, local_only: false, flags: ['rate-limited'], why: 'rate-limited once' }) // ['stale']
 */
export function marksOf({
  why,
  stale,
  local_only: localOnly,
  flags = [],
}: Pick<TargetPage, 'why' | 'stale' | 'local_only' | 'flags'>): readonly string[] {
  const marks = [...(stale ? ['stale'] : []), ...(localOnly ? ['only this pod fails'] : []), ...flags];
  return [...new Set(marks)].filter((mark) => !why.includes(mark));
}
