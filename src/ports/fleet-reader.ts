import type { Facts, PodId, State, StoreTime, TargetId, Verdict, VerdictFlag } from '../health/index.ts';
import type { Hold } from './fleet-holds.ts';
import type { MemberInfo } from './fleet-members.ts';
import type { MoneyView } from './fleet-money.ts';
import type { UnconfirmedFailure } from './recent-requests.ts';

export type { State } from '../health/index.ts';

/** Mode of a pod: shares health through the store, works alone by configuration, or is without its store. */
export type FleetMode = 'shared' | 'independent' | 'fallback';

/** One pod's verdict on one target, with its evidence. An age is never smaller than the true one. */
export interface TargetView {
  readonly id: TargetId;
  readonly state: State;
  /** Hold in force; null for none. Never a fleet-wide one, and never `none`. */
  readonly hold: Hold | null;
  /** State for routing: `down` while drained, `up` while held up, else the state. */
  readonly effective: State;
  /** True if the evidence is too old. A flag, because age alone never changes the state. */
  readonly stale: boolean;
  /** Reason of the state, one line. */
  readonly why: string;
  readonly flags: readonly VerdictFlag[];
  /** True if only this pod fails: the state is its own, and other pods have another one. */
  readonly localOnly: boolean;
  readonly since: StoreTime | null;
  /** Start of the newest evidence, store clock. */
  readonly evidenceAt: StoreTime | null;
  readonly ageMs: number | null;
  readonly nextDueAt: StoreTime | null;
  readonly version: number;
  readonly facts: Facts | null;
  readonly lease: { readonly pod: PodId; readonly until: StoreTime } | null;
}

/**
 * - `store-lost-data`: the store lost all data or its last writes.
 * - `state-not-kept`: this pod could not write its state file.
 * - `foreign-data`: most data in the store is about targets that no pod has.
 * - `forged-messages`: messages on the push channel do not parse or contradict the store.
 */
export type IncidentKind = 'store-lost-data' | 'foreign-data' | 'forged-messages' | 'state-not-kept';

/** A disturbance of the store or its push channel from outside, as one pod saw it. */
export interface Incident {
  readonly kind: IncidentKind;
  /** Time of the last occurrence. */
  readonly at: StoreTime;
  /** Occurrences without a gap of ten minutes. */
  readonly count: number;
  /** The last occurrence and the pod's reaction, one line. */
  readonly what: string;
}

/** State of the whole fleet as this pod knows it, read from memory. */
export interface FleetStatus {
  readonly pod: PodId;
  /** Name of this pod for people; absent: none. */
  readonly podName?: string;
  readonly fleet: string;
  readonly mode: FleetMode;
  /** Time of the last change of mode, store clock; wall clock if the store never answered. */
  readonly modeSince: StoreTime;
  /** True if the store answered the last command, and recently. */
  readonly storeAvailable: boolean;
  /** Reason why the store is not available, one line; null while it is. */
  readonly storeProblem: string | null;
  readonly epoch: string;
  readonly seq: number;
  /** This pod's estimate of the store's clock. */
  readonly now: StoreTime;
  readonly members: readonly MemberInfo[];
  /** Live pods whose targets are not those of this pod, as far as their lists are known; absent for none. */
  readonly listDifferences?: readonly ListDifference[];
  readonly leases: readonly { readonly target: TargetId; readonly pod: PodId; readonly until: StoreTime }[];
  /** Holder of the newest live lease; pod of the newest commit. */
  readonly leaseOwner: PodId | null;
  readonly lastCommitBy: PodId | null;
  readonly impaired: boolean;
  /** Longest time of the last minute that the replica was behind the store, s; absent before the first resync. */
  readonly lagSeconds?: number;
  /** Hold that pauses all probing; null for none. */
  readonly pause: Hold | null;
  /** Hold that restricts LiteLLM cooldowns in all pods; null for none. */
  readonly cooldownRestriction: Hold | null;
  /** Targets whose record is quarantined: it does not parse or has another format. */
  readonly quarantined: readonly TargetId[];
  /** Targets on which this pod has no verdict, because a newer version wrote their record. Without held ones. */
  readonly unreadable: readonly TargetId[];
  /** Incidents of the last ten minutes. */
  readonly incidents: readonly Incident[];
}

/** A pod with other targets than this one: at most {@link MOST_DIFFERENCES} each. */
export interface ListDifference {
  readonly pod: PodId;
  /** Targets of this pod that it does not have. */
  readonly lacks: readonly TargetId[];
  /** Targets that it has and this pod does not. */
  readonly extra: readonly TargetId[];
}

/** Most targets in a list of {@link ListDifference}. */
export const MOST_DIFFERENCES = 20;

/** Number of live pods. Counts this pod before its first heartbeat is answered. */
export function podCountOf({ members }: Pick<FleetStatus, 'members'>): number {
  return Math.max(1, members.length);
}

/** Time and pod of a target's next probe, as far as this pod knows. */
export interface Forecast {
  readonly reason: 'scheduled' | 'confirmation';
  /** Null for a target that is probed only on demand. */
  readonly at: StoreTime | null;
  /** Pods in the order in which they would claim it. Empty without a store: then each pod uses its own slots. */
  readonly pods: readonly PodId[];
  /** Time between scheduled probes, ms: the interval, or more while backing off. */
  readonly everyMs: number;
  /** True if another live pod could be a second witness. */
  readonly hasSecondWitness: boolean;
}

/** Probes that successful requests replaced in one pod since it started, estimated by the time that they covered. */
export interface TrafficSavings {
  readonly probes: number;
  /** Cost of those whose price is known. */
  readonly usd: number;
  /** Billed ones of unknown price. */
  readonly unpriced: number;
}

/** Read access to the fleet for endpoints, metrics and routing. Reading never waits. */
export interface FleetReader {
  status(): FleetStatus;
  /** A configured target; undefined for any other id. */
  target(id: TargetId): TargetView | undefined;
  /** All configured targets, in configuration order. */
  targets(): readonly TargetView[];
  /** The verdict by this pod's policy on shared evidence only, without its self-check; undefined for an unknown id. */
  fleetVerdict(id: TargetId): Verdict | undefined;
  /** The next probe of a target; undefined for an unknown id. */
  forecast(id: TargetId): Forecast | undefined;
  /** Budgets, spend and savings, as this pod last read them. */
  money(): MoneyView;
  /** Targets whose requests keep failing while their probes pass, as this pod saw it within the last two minutes. */
  unconfirmedFailures(): readonly UnconfirmedFailure[];
  /** What evidence from users' requests replaced in this pod. */
  trafficSavings(): TrafficSavings;
  /** Calls `listener` after each change; returns the function that removes it. */
  onChange(listener: (change: FleetChange) => void): () => void;
}

/** A change that listeners are called with. */
export type FleetChange =
  | {
      readonly kind: 'verdict-changed';
      readonly target: TargetId;
      readonly from: State;
      readonly to: State;
      readonly view: TargetView;
    }
  | { readonly kind: 'mode-changed'; readonly mode: FleetMode }
  | { readonly kind: 'hold-changed'; readonly target: TargetId; readonly view: TargetView }
  | { readonly kind: 'probing-changed'; readonly pause: Hold | null }
  | { readonly kind: 'cooldowns-changed'; readonly restriction: Hold | null };

/** Access for callers that may cause probes. */
export interface FleetChecker {
  /**
   * Checks targets on demand: waits for running probes of any pod, reuses evidence younger than ten seconds, and probes the
   * rest. Resolves when all are checked, when `signal` aborts, or after the deadlines. The result is in {@link TargetView}.
   */
  check(targets: readonly TargetId[], signal: AbortSignal): Promise<void>;
}
