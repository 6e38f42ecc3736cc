import type { PodId, TargetId } from '../../../src/health/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** What is true of a target as long as nothing changes. */
export type Situation =
  /** It passes, and some pod that looks reaches it. */
  | 'passes'
  /** It fails for every pod, and some pod that looks would reach it. */
  | 'fails'
  /** It fails in a way that takes nothing down (a rejected probe). */
  | 'spared'
  /** No pod looks, or nothing can be said. */
  | 'unclear';

/** One look at one target, in all pods that show it. */
export interface Sample {
  readonly target: TargetId;
  readonly situation: Situation;
  /** Within so long after the situation began, the pods must have come to know of it, ms. */
  readonly detectedWithinMs: number;
  /** Hosts whose pods look, and do not reach it. */
  readonly falseHosts: number;
  /** How long two false hosts together may be believed, ms. */
  readonly falseDownMs: number;
  /** Pods that reach it, or would if they could look. */
  readonly reaching: readonly Shown[];
  /** All pods that look as deep as the failure, blind and sick ones too. */
  readonly all: readonly Shown[];
}

/** What one pod shows of the target, and since when that pod counts. */
export interface Shown {
  readonly pod: PodId;
  readonly sinceMs: number;
  readonly view: TargetView;
}

/** Invariants of liveness: in bounded time every pod that can know the truth shows it, and goes on showing it. */
export interface Liveness {
  observe(sample: Sample): void;
  /** What was known of this target, or of all, may have changed by itself: the time to come to know it begins again. */
  disturbed(target?: TargetId): void;
}

export function liveness(nowMs: () => number, checked: Checked): Liveness {
  const situations = new Map<TargetId, { readonly situation: Situation; readonly sinceMs: number }>();
  /** Since when a pod shows what it should not, by pod, target and what that is. */
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
      // What two false hosts took down, a probe that is rejected cannot bring back.
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
