/** One running gateway process: `pod_` + start time in ms + `_` + random. */
export type PodId = string & { readonly brand?: 'PodId' };

/**
 * Where a pod runs, as a witness of failures: the same for a pod that restarts in place, so that a restart does not make a
 * second witness. A pod without one counts by its own id.
 */
export type HostId = string;

/** What one probe tests: hex hash of everything that makes an upstream distinct. Its first eight digits give the phase. */
export type TargetId = string & { readonly brand?: 'TargetId' };

/** Microseconds since the epoch on the store's clock, the only clock in records. Below 2^53, so a plain number is exact. */
export type StoreTime = number & { readonly brand?: 'StoreTime' };

/** Fencing token of a lease and time stamp of its evidence in one number: `max(last grant + 1, store time)`. 0 is none. */
export type Grant = StoreTime;

/** Stamp of a record, `max(previous + 1, store time)`: a higher one is always newer. 0 is "no record". */
export type Version = number & { readonly brand?: 'Version' };
