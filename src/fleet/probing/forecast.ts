import type { Forecast } from '../../ports/index.ts';
import type { FleetTarget } from '../options.ts';
import { turnOf } from './planner.ts';
import { byRank } from '../membership/index.ts';
import type { AblePods } from '../membership/index.ts';
import type { ShownParts } from '../reporting/index.ts';

type ForecastParts = Pick<ShownParts, 'beliefs' | 'mode' | 'replica'> & { readonly ablePods: AblePods };

/**
 * Forecast of a target's next probe and its pod, for operators. It uses this pod's view, so a pod with another
 * self-check or member list may forecast differently.
 */
export function forecastOf({ beliefs, ablePods, mode, replica }: ForecastParts, target: FleetTarget): Forecast {
  const evidence = beliefs.evidence(target.id);
  const next = beliefs.next(target, evidence);
  const { reason, dueAt, everyMs } = next;
  const self = replica.isNewerFormat(target.id) ? undefined : ablePods.self(target);
  const others = ablePods.pods(target).filter(({ pod }) => pod !== self?.pod);
  const pods = self === undefined ? others : [self, ...others];
  const turn = turnOf(target, next, evidence?.facts);
  return {
    reason,
    at: target.background ? dueAt : null,
    pods: mode.mode === 'fallback' ? [] : byRank(turn, pods).map(({ pod }) => pod),
    everyMs,
    hasSecondWitness: beliefs.sharing && others.length > 0,
  };
}
