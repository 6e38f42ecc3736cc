export { restoreLostCounts } from './restore-counts.ts';
export { restoreLostRecords, restoreOwnEvidence } from './restore-records.ts';
export { Sweeper } from './sweeper.ts';
