export { restoreLostCounts } from './restore-counts.ts';
export { bringBackLost, bringBackOwn } from './restore-records.ts';
export { Sweeper } from './sweeper.ts';
