import type { State } from '../../health/index.ts';
import type { FleetStatus, Hold, TargetView } from '../../ports/index.ts';
import type { Able, Membership } from '../membership/index.ts';
import type { Announcer } from './announcer.ts';
import type { Doubts, Knowledge } from '../evidence/index.ts';
import type { FleetView, Follower } from '../replication/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Incidents, ModeKeeper, StoreClock, StoreLink } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';

/** What is shown of a fleet. */
export interface ShownParts {
  readonly options: FleetOptions;
  readonly view: FleetView;
  readonly storeClock: StoreClock;
  readonly knowledge: Knowledge;
  readonly link: StoreLink;
  readonly follower: Follower;
  readonly membership: Membership;
  readonly able: Able;
  readonly doubts: Doubts;
  readonly mode: ModeKeeper;
  readonly holds: Holds;
  readonly incidents: Incidents;
}

/** A target as endpoints, metrics and routing see it. */
export function showTarget({ view, storeClock, knowledge, holds }: ShownParts, target: FleetTarget): TargetView {
  const evidence = knowledge.evidence(target.id);
  // Free looks are no evidence at the target's own level: one that had nothing else has none.
  const provenAt = evidence === undefined ? 0 : knowledge.evidenceAt(target, evidence);
  const evidenceAt = provenAt === 0 ? null : provenAt;
  const { state, stale, why, localOnly, since, flags } = knowledge.belief(target);
  const lease = view.lease(target.id, storeClock.now());
  const hold = holds.on(target.place) ?? null;
  return {
    id: target.id,
    state,
    hold,
    effective: effectiveOf(state, hold),
    stale,
    why,
    flags,
    localOnly,
    since,
    evidenceAt,
    ageMs: evidenceAt === null ? null : knowledge.ageMs(evidenceAt),
    nextDueAt: evidence === undefined ? null : knowledge.next(target, evidence).dueAt,
    version: view.record(target.id)?.version ?? 0,
    facts: evidence?.facts ?? null,
    lease: lease === undefined ? null : { pod: lease.pod, until: lease.until },
  };
}

/** The fleet as this pod sees it. */
export function showStatus({
  options,
  view,
  storeClock,
  link,
  follower,
  membership,
  doubts,
  mode,
  holds,
  incidents,
}: ShownParts): FleetStatus {
  const now = storeClock.now();
  const leases = view.liveLeases(now).toSorted((a, b) => b.grant - a.grant);
  return {
    pod: options.pod,
    fleet: options.fleet,
    mode: mode.mode,
    modeSince: mode.since,
    storeAvailable: link.available,
    storeProblem: link.available ? null : (link.loss?.message ?? 'the store has not answered yet'),
    epoch: view.epoch,
    seq: follower.appliedSeq,
    now,
    members: membership.members,
    leases: leases.map(({ target, pod, until }) => ({ target, pod, until })),
    leaseOwner: leases[0]?.pod ?? null,
    lastCommitBy: view.lastCommitBy,
    impaired: doubts.impaired,
    pause: holds.pause ?? null,
    quarantined: view.quarantined(),
    incidents: incidents.recent(),
  };
}

function effectiveOf(state: State, hold: Hold | null): State {
  if (hold?.kind === 'drain') return 'down';
  return hold?.kind === 'hold-up' ? 'up' : state;
}

/**
 * Deployments by LiteLLM's two words: only `down` is unhealthy, what was never judged is neither. Counts the states that
 * were announced last: to judge 10,000 targets at once would block the event loop for 50 ms.
 */
export function countDeployments({
  options,
  announcer,
  holds,
}: Pick<ShownParts, 'options' | 'holds'> & { readonly announcer: Pick<Announcer, 'told'> }): {
  healthy: number;
  unhealthy: number;
} {
  let [healthy, unhealthy] = [0, 0];
  for (const target of options.targets) {
    const state = effectiveOf(announcer.told(target.id), holds.on(target.place) ?? null);
    if (state === 'down') unhealthy += target.deployments;
    else if (state !== 'unknown') healthy += target.deployments;
  }
  return { healthy, unhealthy };
}
