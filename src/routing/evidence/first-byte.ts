import type { Member, TargetState } from '../member.ts';

/** Part of a new measurement in the average of a deployment, and in the usual time of a target. */
const NEW_PART = 0.2;
const USUAL_PART = 0.05;
/** An answer is slow beyond this many times the usual, and beyond this time. */
const TIMES_USUAL = 10;
const LEAST_SLOW_MS = 1_000;
/** Slow answers in a row that make a target degraded, and after which the usual time follows them. */
const SLOW_RUN = 2;
const ADAPT_RUN = 20;

/** Counts the time to the first byte of an answer. True if the target is slow: answers in a row took more than ten times the usual. */
export function measureFirstByte(member: Member, firstByteMs: number, nowMs: number): boolean {
  const { target } = member;
  member.firstByteMs = average(member.firstByteMs, firstByteMs, NEW_PART);
  member.measuredAtMs = nowMs;
  target.slowRun = isSlow(target, firstByteMs) ? target.slowRun + 1 : 0;
  if (target.slowRun === 0 || target.slowRun > ADAPT_RUN) {
    target.usualMs = average(target.usualMs, firstByteMs, USUAL_PART);
  }
  return target.slowRun >= SLOW_RUN;
}

function isSlow({ usualMs }: TargetState, firstByteMs: number): boolean {
  return firstByteMs > Math.max(LEAST_SLOW_MS, TIMES_USUAL * usualMs);
}

function average(before: number, one: number, part: number): number {
  return Number.isNaN(before) ? one : before + part * (one - before);
}
