import type { Reactions } from '../signals.ts';
import type { Parts } from '../wiring.ts';
import { PushedEvents } from './event-changes.ts';
import { reportHold } from './report-hold.ts';
import type { StoreChanges } from './store-changes.ts';
import type { TargetChanges } from './target-changes.ts';

/** Who reacts to what: the only place where a part's report moves the parts above it. */
export function reactionsOf(parts: Parts, targets: TargetChanges, store: StoreChanges): Reactions {
  const { options, replicator, membership, announcer, beliefs, syncTimes, keeper, scheduler, results } = parts;
  const { runner, committer, lines } = parts;
  const pushed = new PushedEvents(options, { ...parts, changed: (target) => targets.changed(target) });
  return {
    'store-answered': ({ meta, seqWhenSent }) => replicator.answered(meta, seqWhenSent),
    'store-clock-jumped': ({ byUs }) => store.clockJumped(byUs),
    'store-lost': ({ loss }) => store.lost(loss),
    'store-back': () => store.back(),
    resynced: ({ dataLost }) => store.resynced(dataLost),
    'record-quarantined': ({ target, stored }) => announcer.setAside(target, stored),
    'event-applied': ({ event }) => pushed.hear(event),
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
      membership.ableChanged();
      targets.changed(target);
    },
    'impaired-changed': ({ impaired }) => {
      announcer.impaired(impaired);
      membership.impaired = impaired;
      targets.allChanged();
    },
    'own-probe-wanted': ({ target, reply }) => reply(scheduler.probeInDoubt(target)),
    'kept-state-changed': () => keeper.changed(),
    'probe-answered': ({ job, probe, sent }) => results.saw(job, probe, sent),
    'probe-blind': ({ job, why, sent }) => results.blind(job, why, sent),
    'probe-slot-freed': () => scheduler.slotFreed(),
    'commit-settled': ({ target }) => {
      targets.changed(target);
      if (runner.idle && committer.idle) lines.finished();
    },
    'target-changed': ({ target }) => targets.changed(target),
  };
}
