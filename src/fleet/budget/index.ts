export { Purse } from './budget-limits.ts';
export { AloneLog } from './fallback-log.ts';
export type { AloneLooks } from './fallback-log.ts';
export { Till } from './spend-meter.ts';
export { Accounts } from './spend-reader.ts';
export { StateKeeper } from './state-keeper.ts';
