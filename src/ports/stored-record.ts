import type { ParsedRecord } from '../health/index.ts';

/**
 * A record as it was found. `garbage` is treated as absent by every command, so that the next commit repairs it;
 * `newer` was written by a newer version of allswell and is never overwritten by this one.
 */
export type StoredRecord = ParsedRecord;
