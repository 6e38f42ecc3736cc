import type { Member } from '../member.ts';
import type { PickOne } from './strategy.ts';
import { weighted } from './weighted.ts';

/** `simple-shuffle`: at random by `weight`, else by `rpm`, else by `tpm`, else all alike. Weight 0: only if all have it. */
export const simpleShuffle: PickOne = (candidates, { random }) => {
  const chosen = weighted(candidates, random, weightAndShare);
  return chosen === -1 ? weighted(candidates, random, shareAlone) : chosen;
};

function weightAndShare({ weight, share }: Member): number {
  return weight * share;
}

function shareAlone({ share }: Member): number {
  return share;
}
