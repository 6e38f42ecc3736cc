import type { StoreTime, TargetId } from './ids.ts';

/**
 * Phase of a target: its position within each interval, as a share in [0, 1). It comes from the first eight hex digits of
 * the id, so all pods and the store's scripts compute the same. Ids that are not hexadecimal have phase 0.
 */
export function phaseOf(target: TargetId): number {
  const digits = /^[0-9a-f]{8}/.exec(target)?.[0];
  return digits === undefined ? 0 : Number.parseInt(digits, 16) / 2 ** 32;
}

/**
 * The first grid point `phase + k x every` at least half an interval after the evidence. A late probe does not shift the
 * grid, so due times do not drift and the probes of many targets stay spread over the interval.
 *
 * @example
 * gridDue(0, '80000000', 10_000) // 5_000_000: phase 0.5 of 10 s, in microseconds
 */
export function gridDue(evidenceAt: StoreTime, target: TargetId, everyMs: number): StoreTime {
  const everyUs = everyMs * 1000;
  const phaseUs = Math.floor(phaseOf(target) * everyUs);
  const earliest = evidenceAt + everyUs / 2;
  return phaseUs + Math.ceil((earliest - phaseUs) / everyUs) * everyUs;
}
