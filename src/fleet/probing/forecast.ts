import type { Forecast } from '../../ports/index.ts';
import type { FleetTarget } from '../options.ts';
import { turnOf } from './planner.ts';
import { byRank } from '../membership/index.ts';
import type { ShownParts } from '../reporting/index.ts';

/**
 * Who looks at a target next, and when: for people who ask. Made of what this pod knows, so a pod with other doubts or
 * another list may say otherwise.
 */
export function forecastOf({ knowledge, able, mode, view }: ShownParts, target: FleetTarget): Forecast {
  const evidence = knowledge.evidence(target.id);
  const next = knowledge.next(target, evidence);
  const { reason, dueAt, everyMs } = next;
  const self = view.isNewerFormat(target.id) ? undefined : able.self(target);
  const others = able.pods(target).filter(({ pod }) => pod !== self?.pod);
  const pods = self === undefined ? others : [self, ...others];
  const turn = turnOf(target, next, evidence?.facts);
  return {
    reason,
    at: target.background ? dueAt : null,
    pods: mode.mode === 'fallback' ? [] : byRank(turn, pods).map(({ pod }) => pod),
    everyMs,
    peers: knowledge.sharing && others.length > 0,
  };
}
