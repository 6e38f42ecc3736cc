import type { TargetId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** The promised intervals, plus a margin for a lost lease, a stale member or a start. */
const INTERVALS = 3;
const ACCIDENT_MS = 15_000;
/** Failures that only a person can fix are probed on a grid of eight intervals, delayed by up to half: twelve, plus one. */
export const LONGEST_BACKOFF = 13;

/** Accumulated steps of the store's clock. */
export interface ClockState {
  /** How far ahead of the clock a timestamp can be; a Retry-After counts from there. */
  readonly aheadMs: number;
  /** The sum of all steps back. */
  readonly setBackMs: number;
}

/** One sample of a target. */
export interface CoverageSample {
  readonly target: TargetId;
  /** The longest interval of the pods that could probe it now; undefined while there is none. */
  readonly intervalMs: number | undefined;
  /** A pod is probing it and will get evidence. */
  readonly probing: boolean;
  /** A pod has a pause of probing. */
  readonly paused: boolean;
  /** Its last failure, or that of a pod's path to it, may be of a class that is probed with back-off. */
  readonly backsOff: boolean;
  readonly clock: ClockState;
  /** Time since the last fault of the store or a pod, ms. */
  readonly quietMs: number;
  /** Number of pods that may be listed as members: without the store each pod waits for its slot among them. */
  readonly members: number;
}

/** A background target is probed within three intervals while a pod that has it runs and reaches it. */
export interface ProbeCoverage {
  /** A pod probed it at the configured level and got evidence. */
  probed(target: TargetId, clock: ClockState): void;
  observe(glance: CoverageSample): void;
}

interface Wait {
  readonly sinceMs: number;
  readonly clock: ClockState;
  /** The event that started the wait. */
  readonly after: 'probe' | 'pause' | 'no eligible pod';
}

export function probeCoverage(nowMs: () => number, checked: Checked): ProbeCoverage {
  const waits = new Map<TargetId, Wait>();
  return {
    probed(target, clock) {
      if (waits.get(target)?.after === 'pause') checked('holds: a target is probed again after a pause');
      waits.set(target, { sinceMs: nowMs(), clock, after: 'probe' });
    },
    observe({ target, intervalMs, probing, paused, backsOff, clock, quietMs, members }) {
      const wait = waits.get(target);
      if (intervalMs === undefined || probing || wait === undefined) {
        waits.set(target, { sinceMs: nowMs(), clock, after: paused ? 'pause' : 'no eligible pod' });
        return;
      }
      const waitedMs = nowMs() - wait.sinceMs;
      const intervals = (backsOff ? LONGEST_BACKOFF : INTERVALS) + (waitedMs > quietMs ? members : 0);
      checked('every target is probed in time');
      const clockMs = wait.clock.aheadMs + clock.setBackMs - wait.clock.setBackMs;
      if (waitedMs <= intervals * intervalMs + clockMs + ACCIDENT_MS) return;
      throw new Violation(
        `overdue: ${target} was not probed for ${waitedMs} ms, though a pod could, every ${intervalMs}`,
      );
    },
  };
}
