import type { Member } from '../member.ts';
import type { Candidates, PickContext, PickOne } from './strategy.ts';

/**
 * A pick among the candidates, each of which takes part with the probability of its share by health. For strategies that
 * always prefer the same deployment: it then gets that part of what it would get. All take part where none would.
 */
export function thinned(pick: PickOne): PickOne {
  const list: Member[] = [];
  const indexes: number[] = [];
  return (candidates, context) => {
    if (isHealthy(candidates)) return pick(candidates, context);
    let count = 0;
    for (let i = 0; i < candidates.count; i++) {
      const member = candidates.list[i];
      if (member === undefined || !takesPart(member, context)) continue;
      list[count] = member;
      indexes[count++] = i;
    }
    if (count === 0) return pick(candidates, context);
    return indexes[pick({ list, count }, context)] ?? 0;
  };
}

function isHealthy({ list, count }: Candidates): boolean {
  for (let i = 0; i < count; i++) if ((list[i]?.share ?? 0) < 1) return false;
  return true;
}

function takesPart({ share }: Member, { random }: PickContext): boolean {
  return share >= 1 || random.next() < share;
}
