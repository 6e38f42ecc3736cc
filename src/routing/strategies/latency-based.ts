import type { Member } from '../member.ts';
import type { Candidates, PickContext, PickOne } from './strategy.ts';
import { weighted } from './weighted.ts';

/** A deployment without an answer for this time is measured again, by one request at a time. */
const MEASURED_FOR_MS = 300_000;

/**
 * `latency-based-routing`: shortest average time to the first byte. Those within `latencyBuffer` of the fastest share the
 * requests. One that was not measured lately gets one request at a time.
 */
export const latencyBased: PickOne = (candidates, context) => {
  const toMeasure = candidateToMeasure(candidates, context);
  if (toMeasure !== -1) return toMeasure;
  let fastestMs = Infinity;
  for (let i = 0; i < candidates.count; i++) fastestMs = Math.min(fastestMs, latencyMs(candidates.list[i]));
  const mostMs = fastestMs * (1 + context.latencyBuffer);
  return weighted(candidates, context.random, (member) => (latencyMs(member) <= mostMs ? 1 : 0));
};

function candidateToMeasure({ list, count }: Candidates, { nowMs }: PickContext): number {
  for (let i = 0; i < count; i++) {
    const member = list[i];
    if (member !== undefined && member.inFlight === 0 && nowMs - member.measuredAtMs > MEASURED_FOR_MS) return i;
  }
  return -1;
}

/** Slowest of all: one that is being measured for the first time. */
function latencyMs(member: Member | undefined): number {
  return member === undefined || Number.isNaN(member.firstByteMs) ? Infinity : member.firstByteMs;
}
