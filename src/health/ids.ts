/** One running gateway process: `pod_` + start time in ms + `_` + random. */
export type PodId = string & { readonly brand?: 'PodId' };

/**
 * Host of a pod, by which witnesses are counted. A pod that restarts in place keeps it, so a restart does not count as a
 * second witness. Without one the pod id is used.
 */
export type HostId = string;

/** Host that all LiteLLM pods together count for as a witness: they share their network, their configuration and their faults. */
export const LITELLM_WITNESS: HostId = 'litellm';

/** No pod's host has a slash. */
const REPORTER_PREFIX = 'reporter/';

/**
 * Host of a program that reports the results of its own requests, as a witness.
 *
 * @example
 * hostOfReporter('proxy-1') // 'reporter/proxy-1'
 */
export function hostOfReporter(name: string): HostId {
  return `${REPORTER_PREFIX}${name}`;
}

/** Name of the reporter that a host stands for; undefined for every other host. */
export function reporterOf(host: HostId): string | undefined {
  return host.startsWith(REPORTER_PREFIX) ? host.slice(REPORTER_PREFIX.length) : undefined;
}

/**
 * True for witnesses that are no pods: LiteLLM and reporters. They make a confirming probe due, and alone take no target
 * down while a pod can probe.
 *
 * @example
 * isExternalHost('litellm') // true
 */
export function isExternalHost(host: HostId): boolean {
  return host === LITELLM_WITNESS || reporterOf(host) !== undefined;
}

/** Id of a target: hex hash of everything that distinguishes its upstream. The first eight digits give the phase. */
export type TargetId = string & { readonly brand?: 'TargetId' };

/** Microseconds since the epoch on the store's clock, the only clock in records. Below 2^53, so a plain number is exact. */
export type StoreTime = number & { readonly brand?: 'StoreTime' };

/** Number of a lease: fencing token and date of its evidence, `max(last grant + 1, store time)`. 0 is none. */
export type Grant = StoreTime;

/** Stamp of a record, `max(previous + 1, store time)`. A higher one is always newer. 0 means no record. */
export type Version = number & { readonly brand?: 'Version' };
