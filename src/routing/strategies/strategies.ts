import type { Strategy } from '../types.ts';
import { costBased } from './cost-based.ts';
import { latencyBased } from './latency-based.ts';
import { leastBusy } from './least-busy.ts';
import { simpleShuffle } from './simple-shuffle.ts';
import type { PickOne } from './strategy.ts';
import { thinned } from './thinned.ts';
import { usageBased } from './usage-based.ts';

/** The strategy of one router, by LiteLLM's name. */
export function strategyOf(name: Strategy): PickOne {
  switch (name) {
    case 'simple-shuffle':
      return simpleShuffle;
    case 'least-busy':
      return leastBusy;
    case 'latency-based-routing':
      return thinned(latencyBased);
    case 'usage-based-routing-v2':
      return usageBased;
    case 'cost-based-routing':
      return thinned(costBased);
  }
}
