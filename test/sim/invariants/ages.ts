import type { PodId, TargetId } from '../../../src/health/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Numbers of this size lose a few nanoseconds. */
const ROUNDING_MS = 0.01;

/** Invariant 3: nothing is shown younger than it is. */
export interface Ages {
  /** A probe at the target's own level has ended; its evidence is as old as its start. */
  probeEnded(pod: PodId, target: TargetId, startMs: number): void;
  shown(pod: PodId, view: TargetView): void;
}

export function ages(nowMs: () => number, clockErrorMs: () => number, checked: Checked): Ages {
  const newestOfAll = new Map<TargetId, number>();
  const newestOf = new Map<string, number>();
  const keepNewest = <K>(map: Map<K, number>, key: K, startMs: number): void => {
    map.set(key, Math.max(map.get(key) ?? Number.NEGATIVE_INFINITY, startMs));
  };
  return {
    probeEnded(pod, target, startMs) {
      keepNewest(newestOfAll, target, startMs);
      keepNewest(newestOf, `${pod} ${target}`, startMs);
    },
    shown(pod, { id, ageMs, evidenceAt, facts }) {
      if (ageMs === null) return;
      const probe = facts?.lastProbe;
      // Evidence of the last probe is as old as its pod's newest probe at least, other evidence as the newest of all.
      const startMs = probe?.at === evidenceAt ? newestOf.get(`${probe?.pod} ${id}`) : newestOfAll.get(id);
      if (startMs === undefined) throw new Violation(`invariant 3: ${pod} shows evidence of ${id}, nobody has any`);
      checked('3: an age is not too small');
      const realMs = nowMs() - startMs;
      if (ageMs < realMs - clockErrorMs() - ROUNDING_MS) {
        throw new Violation(`invariant 3: ${pod} shows ${id} ${ageMs} ms old, its newest evidence is of ${realMs} ms`);
      }
    },
  };
}
