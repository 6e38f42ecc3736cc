import { reaches } from '../../../src/health/index.ts';
import type { Level, PodId, TargetId } from '../../../src/health/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Rounding error of floating-point times. */
const ROUNDING_MS = 0.01;

const PAID_LEVELS: readonly Level[] = ['models', 'inference'];

/** Invariant 3: no evidence is shown younger than it is. */
export interface Ages {
  /** A probe ended; for its own and shallower levels its evidence dates from its start. */
  probeEnded(pod: PodId, probe: { readonly target: TargetId; readonly level: Level; readonly startMs: number }): void;
  /** A pod with probe level `level` shows the target. */
  shown(pod: PodId, level: Level, view: TargetView): void;
}

export function ages(nowMs: () => number, clockErrorMs: () => number, checked: Checked): Ages {
  const newestOfAll = new Map<string, number>();
  const newestOf = new Map<string, number>();
  const keepNewest = (map: Map<string, number>, key: string, startMs: number): void => {
    map.set(key, Math.max(map.get(key) ?? Number.NEGATIVE_INFINITY, startMs));
  };
  return {
    probeEnded(pod, { target, level, startMs }) {
      for (const asked of PAID_LEVELS.filter((one) => reaches(level, one))) {
        keepNewest(newestOfAll, `${asked} ${target}`, startMs);
        keepNewest(newestOf, `${asked} ${pod} ${target}`, startMs);
      }
    },
    shown(pod, level, { id, ageMs, evidenceAt, facts }) {
      if (ageMs === null) return;
      const probe = facts?.last;
      // The last probe is at least as old as its pod's newest probe, other evidence as the newest probe of any pod.
      const startMs =
        probe?.at === evidenceAt ? newestOf.get(`${level} ${probe?.pod} ${id}`) : newestOfAll.get(`${level} ${id}`);
      if (startMs === undefined) throw new Violation(`invariant 3: ${pod} shows evidence of ${id}, no pod has any`);
      checked('3: an age is not too small');
      const realMs = nowMs() - startMs;
      if (ageMs < realMs - clockErrorMs() - ROUNDING_MS) {
        throw new Violation(`invariant 3: ${pod} shows ${id} ${ageMs} ms old, its newest evidence is of ${realMs} ms`);
      }
    },
  };
}
