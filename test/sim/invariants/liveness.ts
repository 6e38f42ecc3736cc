import type { PodId, TargetId } from '../../../src/health/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** The actual condition of a target, until it changes. */
export type Situation =
  /** It passes, and a probing pod reaches it. */
  | 'passes'
  /** It fails for every pod, and a probing pod has a path to it. */
  | 'fails'
  /** It fails in a way that does not make it down (a rejected probe). */
  | 'spared'
  /** No pod probes it, or nothing can be concluded. */
  | 'unclear';

/** One sample of one target, in all pods that show it. */
export interface Sample {
  readonly target: TargetId;
  readonly situation: Situation;
  /** Time limit for detecting a new situation, ms. */
  readonly detectedWithinMs: number;
  /** Hosts whose pods probe it and cannot reach it. */
  readonly falseHosts: number;
  /** How long two failing hosts together may make it down, ms. */
  readonly falseDownMs: number;
  /** Pods with a working path to it, also those that cannot probe. */
  readonly reaching: readonly Shown[];
  /** All pods that probe as deep as the failure, including blind and sick ones. */
  readonly all: readonly Shown[];
}

/** The state that one pod shows, and the time from which that pod counts. */
export interface Shown {
  readonly pod: PodId;
  readonly sinceMs: number;
  readonly view: TargetView;
}

/** Liveness invariants: within a time limit every pod that can detect the state of a target shows it, and keeps it. */
export interface Liveness {
  observe(sample: Sample): void;
  /** Records of this target, or of all, may have changed without a commit: the time limit restarts. */
  disturbed(target?: TargetId): void;
}

export function liveness(nowMs: () => number, checked: Checked): Liveness {
  const situations = new Map<TargetId, { readonly situation: Situation; readonly sinceMs: number }>();
  /** Start of each wrong state, by pod, target and kind. */
  const wrongSince = new Map<string, number>();

  function wrongForMs(key: string, isFaulty: boolean, sinceMs: number): number {
    if (!isFaulty) {
      wrongSince.delete(key);
      return -1;
    }
    const from = Math.max(wrongSince.get(key) ?? nowMs(), sinceMs);
    wrongSince.set(key, from);
    return nowMs() - from;
  }

  function checkPassing(
    { target, detectedWithinMs, falseHosts, falseDownMs, reaching }: Sample,
    sinceMs: number,
  ): void {
    for (const { pod, sinceMs: livesMs, view } of reaching) {
      const fromMs = Math.max(sinceMs, livesMs);
      const outMs = wrongForMs(`${pod} ${target} not up`, !isUp(view), fromMs);
      checked('liveness: a target that a pod reaches is up there');
      if (outMs > detectedWithinMs) throw violation(view, pod, `passes, and was not up for ${outMs} ms`);
      if (nowMs() - fromMs <= detectedWithinMs) continue;
      checkNotDown({ pod, view, falseHosts, falseDownMs, target });
    }
  }

  function checkNotDown(
    one: Pick<Sample, 'falseHosts' | 'falseDownMs' | 'target'> & Pick<Shown, 'pod' | 'view'>,
  ): void {
    const { pod, view, falseHosts, falseDownMs, target } = one;
    if (falseHosts < 2) {
      checked('liveness: a target is not down where it is reached');
      if (view.state === 'down') throw violation(view, pod, 'passes, and only one host fails');
      return;
    }
    checked('liveness: two failing hosts cause short outages only');
    const downMs = wrongForMs(`${pod} ${target} down`, view.state === 'down', 0);
    if (downMs > falseDownMs) throw violation(view, pod, `passes, and was down for ${downMs} ms`);
  }

  function checkFailing({ target, detectedWithinMs, all }: Sample, sinceMs: number): void {
    for (const { pod, sinceMs: livesMs, view } of all) {
      const fromMs = Math.max(sinceMs, livesMs);
      const outMs = wrongForMs(`${pod} ${target} not down`, view.state !== 'down', fromMs);
      checked('liveness: a target that fails for all is down');
      if (outMs > detectedWithinMs) throw violation(view, pod, `fails for all, and was not down for ${outMs} ms`);
      if (nowMs() - fromMs <= detectedWithinMs) continue;
      checked('liveness: a target that fails for all stays down');
      if (isUp(view)) throw violation(view, pod, 'fails for all, and came up');
    }
  }

  return {
    observe(sample) {
      const { target, situation } = sample;
      let known = situations.get(target);
      if (known?.situation !== situation) {
        known = { situation, sinceMs: nowMs() };
        situations.set(target, known);
        for (const key of wrongSince.keys()) if (key.includes(target)) wrongSince.delete(key);
      }
      if (situation === 'passes') checkPassing(sample, known.sinceMs);
      else if (situation === 'fails') checkFailing(sample, known.sinceMs);
      // A rejected probe does not bring up a target that two failing hosts took down.
      else if (situation === 'spared' && sample.falseHosts < 2) {
        for (const { pod, sinceMs, view } of sample.reaching) {
          if (nowMs() - Math.max(known.sinceMs, sinceMs) > sample.detectedWithinMs) {
            checkNotDown({ ...sample, pod, view });
          }
        }
      }
    },
    disturbed(target) {
      if (target === undefined) situations.clear();
      else situations.delete(target);
    },
  };
}

function isUp({ state, flags }: TargetView): boolean {
  return state === 'up' || (state === 'degraded' && flags.includes('slow'));
}

function violation({ id, state, why, flags }: TargetView, pod: PodId, truth: string): Violation {
  const marks = flags.length === 0 ? '' : ` (${flags.join(', ')})`;
  return new Violation(`liveness: ${id} ${truth}; ${pod} says ${state}${marks}: ${why}`);
}
