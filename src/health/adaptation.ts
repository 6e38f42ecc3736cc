import type { Facts, Observation } from './facts.ts';

/** Longest name of a parameter that is remembered. */
export const LONGEST_PARAMETER = 100;
/** Longest hash of a body that is read. */
export const LONGEST_BODY_HASH = 64;

/**
 * The facts with the change that the newest probe needed, or did not need. Only an answer to a body can tell: one that was accepted
 * sets or removes the change, a refusal removes it, and any other failure says nothing about the body.
 */
export function withAdaptation(facts: Facts | undefined, probe: Observation): Partial<Facts> {
  const { level, ok, failure, adapted } = probe;
  const aboutTheBody = level === 'inference' && (ok || failure?.class === 'bad-probe');
  if (!aboutTheBody) return facts ?? {};
  const { adapted: _, ...rest } = facts ?? {};
  return ok && adapted !== undefined ? { ...rest, adapted } : rest;
}
