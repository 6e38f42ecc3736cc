import type { State, TargetId } from '../../health/index.ts';
import type { FleetStatus, Hold, TargetView } from '../../ports/index.ts';
import type { Membership } from '../membership/index.ts';
import type { Announcer } from './announcer.ts';
import type { SelfCheck, Beliefs } from '../evidence/index.ts';
import type { Replica, ReplicaLag } from '../replication/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Incidents, FleetModeTracker, StoreClock, StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';

/** Parts that the views read. */
export interface ShownParts {
  readonly options: FleetOptions;
  readonly replica: Replica;
  readonly replicaLag: ReplicaLag;
  readonly storeClock: StoreClock;
  readonly beliefs: Beliefs;
  readonly circuit: StoreCircuitBreaker;
  readonly membership: Membership;
  readonly selfCheck: SelfCheck;
  readonly mode: FleetModeTracker;
  readonly holds: Holds;
  readonly incidents: Incidents;
}

/** A target for endpoints, metrics and routing. */
export function showTarget({ replica, storeClock, beliefs, holds }: ShownParts, target: FleetTarget): TargetView {
  const evidence = beliefs.evidence(target.id);
  // Unbilled checks are no evidence at the target's own level.
  const provenAt = evidence === undefined ? 0 : beliefs.evidenceAt(target, evidence);
  const evidenceAt = provenAt === 0 ? null : provenAt;
  const { state, stale, why, localOnly, since, flags } = beliefs.belief(target);
  const lease = replica.lease(target.id, storeClock.now());
  const hold = holds.on(target.holdKey) ?? null;
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
    ageMs: evidenceAt === null ? null : beliefs.ageMs(evidenceAt),
    nextDueAt: evidence === undefined ? null : beliefs.next(target, evidence).dueAt,
    version: replica.record(target.id)?.version ?? 0,
    facts: evidence?.facts ?? null,
    lease: lease === undefined ? null : { pod: lease.pod, until: lease.until },
  };
}

/** The fleet as this pod sees it. */
export function showStatus({
  options,
  replica,
  replicaLag,
  storeClock,
  circuit,
  membership,
  selfCheck,
  mode,
  holds,
  incidents,
}: ShownParts): FleetStatus {
  const now = storeClock.now();
  const { longestSeconds } = replicaLag;
  const leases = replica.liveLeases(now).toSorted((a, b) => b.grant - a.grant);
  return {
    pod: options.pod,
    ...(options.podName !== undefined && { podName: options.podName }),
    fleet: options.fleet,
    mode: mode.mode,
    modeSince: mode.since,
    storeAvailable: circuit.available,
    storeProblem: circuit.available ? null : (circuit.loss?.message ?? 'Redis has not answered yet'),
    epoch: replica.epoch,
    seq: replica.appliedSeq,
    now,
    members: membership.members,
    listDifferences: membership.listDifferences,
    leases: leases.map(({ target, pod, until }) => ({ target, pod, until })),
    leaseOwner: leases[0]?.pod ?? null,
    lastCommitBy: replica.lastCommitBy,
    impaired: selfCheck.impaired,
    ...(longestSeconds !== undefined && { lagSeconds: longestSeconds }),
    pause: holds.pause ?? null,
    cooldownRestriction: holds.cooldowns ?? null,
    quarantined: replica.quarantined(),
    unreadable: unreadable({ options, replica, holds }),
    incidents: incidents.recent(),
  };
}

/** Scheduled targets without a verdict. Almost always none is quarantined, and then no target is visited. */
function unreadable({ options, replica, holds }: Pick<ShownParts, 'options' | 'replica' | 'holds'>): TargetId[] {
  const newer = new Set(replica.quarantined().filter((id) => replica.isNewerFormat(id)));
  if (newer.size === 0) return [];
  return options.targets
    .filter(({ id, background, holdKey }) => background && newer.has(id) && holds.on(holdKey) === undefined)
    .map(({ id }) => id);
}

function effectiveOf(state: State, hold: Hold | null): State {
  if (hold?.kind === 'drain') return 'down';
  return hold?.kind === 'hold-up' ? 'up' : state;
}

/**
 * Counts deployments by LiteLLM's two words: only `down` is unhealthy, and unjudged ones are neither. It counts the
 * last announced states, since judging 10,000 targets at once would block the event loop for 50 ms.
 */
export function countDeployments({
  options,
  announcer,
  holds,
}: Pick<ShownParts, 'options' | 'holds'> & { readonly announcer: Pick<Announcer, 'lastState'> }): {
  healthy: number;
  unhealthy: number;
} {
  let [healthy, unhealthy] = [0, 0];
  for (const target of options.targets) {
    const state = effectiveOf(announcer.lastState(target.id), holds.on(target.holdKey) ?? null);
    if (state === 'down') unhealthy += target.deployments;
    else if (state !== 'unknown') healthy += target.deployments;
  }
  return { healthy, unhealthy };
}
