import type { Facts, Observation } from './facts.ts';

/** Longest parameter name in a record. */
export const LONGEST_PARAMETER = 100;
/** Longest body hash in a record. */
export const LONGEST_BODY_HASH = 64;

/**
 * Facts with the probe adaptation as the newest probe shows it. A success at `inference` sets or removes it, a rejected probe
 * removes it. Other failures, and shallower probes, say nothing about the body and keep it.
 */
export function withAdaptation(facts: Facts | undefined, probe: Observation): Partial<Facts> {
  const { level, ok, failure, adapted } = probe;
  const aboutTheBody = level === 'inference' && (ok || failure?.class === 'bad-probe');
  if (!aboutTheBody) return facts ?? {};
  const { adapted: _, ...rest } = facts ?? {};
  return ok && adapted !== undefined ? { ...rest, adapted } : rest;
}
