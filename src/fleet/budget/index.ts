export { BudgetLimits } from './budget-limits.ts';
export { FallbackHistory } from './fallback-history.ts';
export type { FallbackProbes } from './fallback-history.ts';
export { SpendMeter } from './spend-meter.ts';
export { SpendReader } from './spend-reader.ts';
export { StateKeeper } from './state-keeper.ts';
export { PodCount } from './pod-count.ts';
