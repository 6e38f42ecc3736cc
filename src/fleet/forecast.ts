import type { PodId } from '../health/index.ts';
import type { Forecast } from '../ports/index.ts';
import type { FleetTarget } from './options.ts';
import { byRank } from './rank.ts';
import type { ShownParts } from './reader.ts';

/**
 * Who looks at a target next, and when: for people who ask. Made of what this pod knows, so a pod with other doubts or
 * another list may say otherwise.
 */
export function forecastOf(
  { options, knowledge, membership, doubts, mode, view }: ShownParts,
  target: FleetTarget,
): Forecast {
  const evidence = knowledge.evidence(target.id);
  const { reason, dueAt, everyMs } = knowledge.next(target, evidence);
  const { peers } = knowledge.judge(target.id);
  const alone = knowledge.alone(target.id);
  const selfIsOut =
    (!alone && (doubts.impaired || doubts.of(target.id) !== undefined)) || view.isNewerFormat(target.id);
  const able = [...(selfIsOut ? [] : [options.pod]), ...membership.othersKnowing(target.id)];
  const seenBy = new Set(evidence?.facts.trouble?.witnesses.map(({ pod }) => pod));
  return {
    reason,
    at: target.background ? dueAt : null,
    pods: mode.mode === 'fallback' ? [] : inTurn(target, able, reason === 'confirmation' ? seenBy : new Set()),
    everyMs,
    peers,
  };
}

/** A second opinion comes from those who have not seen the failure yet, if there is one. */
function inTurn({ id }: FleetTarget, able: readonly PodId[], seenBy: ReadonlySet<PodId>): readonly PodId[] {
  const fresh = byRank(
    id,
    able.filter((pod) => !seenBy.has(pod)),
  );
  return [
    ...fresh,
    ...byRank(
      id,
      able.filter((pod) => seenBy.has(pod)),
    ),
  ];
}
