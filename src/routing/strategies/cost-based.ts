import { lowest } from './lowest.ts';
import type { PickOne } from './strategy.ts';

/** `cost-based-routing`: lowest price per token; those without a known price come last. */
export const costBased: PickOne = (candidates, { random }) =>
  lowest(candidates, random, ({ deployment }) => deployment.usdPerToken ?? Number.MAX_VALUE);
