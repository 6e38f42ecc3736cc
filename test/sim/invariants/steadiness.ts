import type { PodId, TargetId } from '../../../src/health/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

const HOUR_MS = 3_600_000;
/** A failure, its self-check and one misleading check change the state six times; more within an hour is flapping. */
const MOST_CHANGES = 6;

/** The only pod that cannot reach a target shows a steady state of it. */
export interface Steadiness {
  observe(pod: PodId, target: TargetId, view: TargetView): void;
}

export function steadiness(nowMs: () => number, checked: Checked): Steadiness {
  const shown = new Map<string, { state: TargetView['state']; changes: number[] }>();
  return {
    observe(pod, target, { state, why }) {
      const key = `${pod} ${target}`;
      const last = shown.get(key);
      const changes = (last?.changes ?? []).filter((atMs) => atMs > nowMs() - HOUR_MS);
      if (last !== undefined && last.state !== state) changes.push(nowMs());
      shown.set(key, { state, changes });
      checked('liveness: the only failing pod does not flap');
      if (changes.length <= MOST_CHANGES) return;
      throw new Violation(`flaps: ${pod} changed ${target} ${changes.length} times in an hour; now ${state}: ${why}`);
    },
  };
}
