import type { Random } from '../../ports/index.ts';
import type { Member } from '../member.ts';
import type { Candidates } from './strategy.ts';

/** An index at random, in proportion to `part`; -1 where all parts are 0. */
export function weighted(
  { list, count }: Candidates,
  random: Pick<Random, 'next'>,
  part: (member: Member) => number,
): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += partAt(list, i, part);
  if (total <= 0) return -1;
  let left = random.next() * total;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const one = partAt(list, i, part);
    if (one <= 0) continue;
    last = i;
    left -= one;
    if (left < 0) return i;
  }
  // Only by rounding.
  return last;
}

function partAt(list: readonly Member[], at: number, part: (member: Member) => number): number {
  const member = list[at];
  return member === undefined ? 0 : part(member);
}
