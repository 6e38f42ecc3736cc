import type { AllswellConfig, ProbeTarget } from '../config/index.ts';
import type { PaidTarget } from '../fleet/index.ts';
import { costOf } from '../providers/pricing/index.ts';
import type { PriceBook } from '../providers/pricing/index.ts';
import { mostTokensOf } from '../probe/index.ts';
import { possibleLevel } from '../providers/index.ts';

const NANO = 1_000_000_000;

/** What a probe of a target can cost; undefined where it is free: by its level, or because its price is said to be nothing. */
export function paidTargetOf(
  target: ProbeTarget,
  { target: budget }: AllswellConfig['budget'],
  prices: PriceBook,
): PaidTarget | undefined {
  if (target.level !== 'inference') return undefined;
  const { provider, priceModel: model, price } = target;
  const usd = costOf({ provider, model, ...mostTokensOf(target) }, price, prices);
  if (usd === 0) return undefined;
  const instead = possibleLevel('models', target) === 'models' ? 'models' : 'connect';
  return { worstNanoUsd: Math.ceil((usd ?? 0) * NANO), budget, instead };
}
