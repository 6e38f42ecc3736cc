import type { ParsedRecord } from '../health/index.ts';

/**
 * A record as stored. Every command treats `garbage` as absent, so the next commit replaces it. `newer` was written by a
 * newer version of allswell, and this version never overwrites it.
 */
export type StoredRecord = ParsedRecord;
