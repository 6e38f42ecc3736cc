export { createDividedShares } from './divided-shares.ts';
export type { DividedShares } from './divided-shares.ts';
export { listenByWorkers } from './listen-by-workers.ts';
export type { WorkersListener } from './listen-by-workers.ts';
