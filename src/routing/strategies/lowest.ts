import type { Random } from '../../ports/index.ts';
import type { Member } from '../member.ts';
import type { Candidates } from './strategy.ts';

/** Index of the candidate with the lowest score; one of them at random where several have it. */
export function lowest(
  { list, count }: Candidates,
  random: Pick<Random, 'next'>,
  score: (member: Member) => number,
): number {
  let best = 0;
  let bestScore = Infinity;
  let equals = 0;
  for (let i = 0; i < count; i++) {
    const member = list[i];
    const one = member === undefined ? Infinity : score(member);
    if (one < bestScore) {
      best = i;
      bestScore = one;
      equals = 1;
    } else if (one === bestScore && random.next() * ++equals < 1) {
      best = i;
    }
  }
  return best;
}
