import type { RouterQuestion } from './canary.ts';

/** What a Router answered to some equal questions. */
export interface Picks {
  /** Answers. */
  readonly asked: number;
  /** Those that named the deployment. */
  readonly chosen: number;
}

/** Answers that are needed to see that a deployment of a group is chosen at times. */
export const FIRST_PICKS = 30;

/** Fewer than these show too little. */
const FEWEST_CHOSEN = 3;

/** The deployment is called avoided if by chance it would be with at most this probability. */
const CHANCE = 0.001;

/**
 * How many answers without the deployment show that it is avoided, after it was chosen so often; undefined if it was chosen
 * too rarely to tell.
 *
 * @example
 * picksNeeded('always', { asked: 1, chosen: 1 }) // 1
 * picksNeeded('sometimes', { asked: 30, chosen: 15 }) // 10
 * picksNeeded('sometimes', { asked: 30, chosen: 2 }) // undefined
 */
export function picksNeeded(chooses: RouterQuestion['chooses'], { asked, chosen }: Picks): number | undefined {
  if (chooses === 'always') return asked > 0 && asked === chosen ? 1 : undefined;
  if (chosen < FEWEST_CHOSEN) return undefined;
  return Math.ceil(Math.log(CHANCE) / Math.log(1 - Math.min(chosen / asked, 0.5)));
}
