import type { TargetId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** The promise, and what an accident may cost besides: a lease, a membership, a start. */
const INTERVALS = 3;
const ACCIDENT_MS = 15_000;
/** Trouble that only a person can end is looked at on a grid of eight intervals, half of it later at least: in twelve. */
export const LONGEST_BACKOFF = 13;

/** One look at a target. */
export interface Glance {
  readonly target: TargetId;
  /** The longest interval of the pods that could probe it now; undefined while there is none. */
  readonly intervalMs: number | undefined;
  /** Whether a pod is at it that will have evidence. */
  readonly probing: boolean;
  /** Whether its last trouble, or that of a pod's way to it, may be of the kind that is looked at ever more rarely. */
  readonly backsOff: boolean;
  /** How far ahead of the store's clock anything can be dated: an upstream's wish for rest counts from there. */
  readonly aheadMs: number;
  /** For so long nothing has been wrong with the store or any pod. */
  readonly quietMs: number;
  /** How many pods the fleet may believe to live: without the store each waits for its slot among them. */
  readonly members: number;
}

/** A background target is probed within three intervals while some pod that knows it lives, and can see. */
export interface Attention {
  /** Some pod has probed it at its own level, and got evidence. */
  probed(target: TargetId, aheadMs: number): void;
  look(glance: Glance): void;
}

export function attention(nowMs: () => number, checked: Checked): Attention {
  const waits = new Map<TargetId, { readonly sinceMs: number; readonly aheadMs: number }>();
  return {
    probed(target, aheadMs) {
      waits.set(target, { sinceMs: nowMs(), aheadMs });
    },
    look({ target, intervalMs, probing, backsOff, aheadMs, quietMs, members }) {
      const wait = waits.get(target);
      if (intervalMs === undefined || probing || wait === undefined) {
        waits.set(target, { sinceMs: nowMs(), aheadMs });
        return;
      }
      const waitedMs = nowMs() - wait.sinceMs;
      const intervals = (backsOff ? LONGEST_BACKOFF : INTERVALS) + (waitedMs > quietMs ? members : 0);
      checked('no target is forgotten');
      if (waitedMs <= intervals * intervalMs + Math.max(aheadMs, wait.aheadMs) + ACCIDENT_MS) return;
      throw new Violation(
        `forgotten: ${target} was not probed for ${waitedMs} ms, though a pod could, every ${intervalMs}`,
      );
    },
  };
}
