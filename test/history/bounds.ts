/** Interval of the probes in every history. */
export const INTERVAL_MS = 2_000;
/** `DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL` in every history: a lease is that long. */
export const LEASE_MS = 4_000;
/** `health_check_timeout` in every history. */
export const TIMEOUT_MS = 1_000;

/** Allowance for a busy machine in the time limits below. */
const MACHINE_MS = 1_000;

// Notices of a lost store, per docs/explanation/protocol.md: an answer ahead for 1 s, a ping every 1.5 s, a trial every half
// second, heartbeats every 3 s, 20 ms per pod before all read.
const NOTICED_MS = 3_000 + 1_000 + 500 + MACHINE_MS;

/**
 * What the documented terms add up to; see "what is promised" and "push and resync" in docs/explanation/protocol.md.
 *
 * - `noticedMs`: after a store came back, lost data or had its clock set, every pod has read it again.
 * - `truthMs`: after the last trouble every pod shows what is true: the lease of a pod that died has to end (promise 5: lease
 *   time + 1 s), the next grid point is one and a half intervals away at most, the first look and its confirmation take a
 *   timeout each, and the confirmation an edge interval, which is the interval here.
 */
export const BOUNDS: { readonly noticedMs: number; readonly truthMs: number } = {
  noticedMs: NOTICED_MS,
  truthMs: LEASE_MS + 1_000 + 1.5 * INTERVAL_MS + 2 * TIMEOUT_MS + INTERVAL_MS + MACHINE_MS,
};
