import type { BridgeState, BridgeView, CooldownView, FleetStatus, StoreLoss } from '../ports/index.ts';
import type { AvoidedProbes } from './avoided-probes.ts';
import type { BridgeLease } from './lease.ts';
import { whyUnreadable, whyWithheld } from './bridge-log.ts';
import { CooldownCounter } from './cooldowns/cooldown-counts.ts';
import type { SeenPods } from './seen-pods.ts';
import type { ForeignResults } from './foreign-results.ts';
import type { Watch } from './watch.ts';
import type { Writer } from './writer.ts';

export interface ViewParts {
  readonly lease: BridgeLease;
  readonly writer: Writer;
  readonly watch: Watch;
  readonly avoided: AvoidedProbes;
  readonly pods: SeenPods;
  readonly foreign: ForeignResults;
  readonly resultsKey: string;
  readonly status: FleetStatus;
}

/** The state of the bridge, for endpoints, metrics and commands. */
export function bridgeView(parts: ViewParts): BridgeView {
  const { lease, writer, watch, avoided, pods, foreign, resultsKey } = parts;
  const { publication, composed } = writer;
  return {
    ...stateOf(parts),
    waitingFor: lease.leads && composed?.kind === 'withheld' ? composed.models : [],
    holder: lease.holder,
    resultsKey,
    publishedAt: publication?.publishedAt ?? null,
    expiresAt: publication?.expiresAt ?? null,
    healthy: publication?.healthy ?? 0,
    unhealthy: publication?.unhealthy ?? 0,
    publications: writer.publications,
    displaced: { ...watch.displaced },
    litellmResultsAt: watch.litellmResultsAt,
    otherModels: foreign.others,
    unnamespacedKey: lease.leads ? watch.unnamespacedKey : null,
    litellmPods: pods.list(),
    litellmSigns: pods.signs(),
    readsVisible: pods.readsVisible,
    publishingSince: lease.leads && writer.isInPlace ? writer.publishingSince : null,
    probesAvoided: avoided.probes,
    usdAvoided: avoided.usd,
  };
}

function stateOf({ lease, writer, watch, status }: ViewParts): { state: BridgeState; why: string | null } {
  if (status.impaired) return { state: 'standby', why: 'this pod is impaired and does not publish' };
  // Not on standby: it does not take over, whatever happens to the other pods. It sends no command, so a loss is an old one.
  if (status.mode === 'shared' && status.unreadable.length > 0) {
    return { state: 'withheld', why: whyUnreadable(status.unreadable.length) };
  }
  const loss = lease.loss ?? (lease.leads ? (writer.loss ?? watch.loss) : null);
  if (loss !== null) return { state: 'unreachable', why: lossWhy(loss) };
  if (status.mode !== 'shared') return { state: 'unreachable', why: status.storeProblem ?? 'Redis does not answer' };
  if (!lease.leads) return { state: 'standby', why: standbyWhy(lease) };
  const { composed } = writer;
  if (composed?.kind === 'withheld') return { state: 'withheld', why: whyWithheld(composed) };
  return writer.isInPlace
    ? { state: 'publishing', why: null }
    : { state: 'withheld', why: 'this pod just got the lease and has not published yet' };
}

function lossWhy({ code, message }: StoreLoss): string {
  const silent = code === 'timeout' || code === 'disconnected';
  return `${silent ? 'Redis does not answer' : 'Redis refuses the command'}: ${message}`;
}

function standbyWhy({ holder }: BridgeLease): string {
  return holder === null ? 'this pod has not requested the lease yet' : `${holder} publishes`;
}

/** The state of a pod without a bridge. */
export function noBridge(why: string): BridgeView {
  return {
    state: 'off',
    why,
    waitingFor: [],
    holder: null,
    resultsKey: null,
    publishedAt: null,
    expiresAt: null,
    healthy: 0,
    unhealthy: 0,
    publications: 0,
    displaced: { litellm: 0, unknown: 0, vanished: 0 },
    litellmResultsAt: null,
    otherModels: null,
    unnamespacedKey: null,
    litellmPods: [],
    litellmSigns: { results: null, read: null, cooldown: null, events: null },
    readsVisible: null,
    publishingSince: null,
    probesAvoided: 0,
    usdAvoided: 0,
  };
}

/** Of a pod that neither reads nor writes cooldowns. */
export const noCooldowns: CooldownView = {
  mode: 'off',
  configured: 'off',
  leads: false,
  loss: null,
  ownRedis: false,
  cooled: [],
  leftRoutable: [],
  byLitellm: [],
  counts: new CooldownCounter().counts(),
};
