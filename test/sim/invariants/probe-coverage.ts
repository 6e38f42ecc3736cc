import type { TargetId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** The promise, and what an accident may cost besides: a lease, a membership, a start. */
const INTERVALS = 3;
const ACCIDENT_MS = 15_000;
/** Trouble that only a person can end is looked at on a grid of eight intervals, half of it later at least: in twelve. */
export const LONGEST_BACKOFF = 13;

/** What was done to the store's clock. */
export interface ClockState {
  /** How far ahead of it anything can be dated: an upstream's wish for rest counts from there. */
  readonly aheadMs: number;
  /** How far it was set back, in all. */
  readonly setBackMs: number;
}

/** One look at a target. */
export interface CoverageSample {
  readonly target: TargetId;
  /** The longest interval of the pods that could probe it now; undefined while there is none. */
  readonly intervalMs: number | undefined;
  /** Whether a pod is at it that will have evidence. */
  readonly probing: boolean;
  /** Whether some pod has been told to let probing be. */
  readonly paused: boolean;
  /** Whether its last trouble, or that of a pod's way to it, may be of the kind that is looked at ever more rarely. */
  readonly backsOff: boolean;
  readonly clock: ClockState;
  /** For so long nothing has been wrong with the store or any pod. */
  readonly quietMs: number;
  /** How many pods the fleet may believe to live: without the store each waits for its slot among them. */
  readonly members: number;
}

/** A background target is probed within three intervals while some pod that knows it lives, and can see. */
export interface ProbeCoverage {
  /** Some pod has probed it at its own level, and got evidence. */
  probed(target: TargetId, clock: ClockState): void;
  observe(glance: CoverageSample): void;
}

interface Wait {
  readonly sinceMs: number;
  readonly clock: ClockState;
  /** What it began with. */
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
