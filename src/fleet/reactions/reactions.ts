import type { Reactions } from '../signals.ts';
import type { Parts } from '../wiring.ts';
import { EventChanges } from './event-changes.ts';
import { reportHold } from './report-hold.ts';
import type { StoreChanges } from './store-changes.ts';
import type { TargetChanges } from './target-changes.ts';

/** The reactions to all signals: the only place where a part's report reaches the parts above it. */
export function reactionsOf(parts: Parts, targets: TargetChanges, store: StoreChanges): Reactions {
  const { options, replicator, membership, announcer, beliefs, syncTimes, keeper, scheduler, results } = parts;
  const { runner, committer, lines } = parts;
  const pushed = new EventChanges(options, { ...parts, changed: (target) => targets.changed(target) });
  return {
    'store-answered': ({ meta, seqWhenSent }) => replicator.answered(meta, seqWhenSent),
    'store-clock-jumped': ({ byUs }) => store.clockJumped(byUs),
    'store-unreachable': ({ loss }) => store.unreachable(loss),
    'store-reachable': () => store.reachable(),
    resynced: ({ after }) => store.resynced(after === 'data-loss'),
    'record-quarantined': ({ target, stored }) => announcer.quarantined(target, stored),
    'event-applied': ({ event }) => pushed.apply(event),
    'mode-changed': ({ mode }) => {
      beliefs.sharing = mode !== 'fallback';
      syncTimes.modeChanged();
      announcer.emit({ kind: 'mode-changed', mode });
      targets.allChanged();
    },
    'members-changed': () => {
      keeper.changed();
      targets.allChanged();
    },
    'heartbeat-sent': () => targets.timePassed(),
    'hold-changed': ({ key }) => reportHold(parts, key),
    'self-check-changed': ({ target }) => {
      membership.abilityChanged();
      targets.changed(target);
    },
    'impaired-changed': ({ impaired }) => {
      announcer.impaired(impaired);
      membership.impaired = impaired;
      targets.allChanged();
    },
    'self-check-probe-requested': ({ target, reply }) => reply(scheduler.requestSelfCheckProbe(target)),
    'saved-state-changed': () => keeper.changed(),
    'probe-answered': ({ job, probe, sent }) => results.answered(job, probe, sent),
    'probe-inconclusive': ({ job, why, sent }) => results.inconclusive(job, why, sent),
    'probe-slot-freed': () => scheduler.slotFreed(),
    'commit-settled': ({ target }) => {
      targets.changed(target);
      if (runner.idle && committer.idle) lines.finished();
    },
    'target-changed': ({ target }) => targets.changed(target),
  };
}
