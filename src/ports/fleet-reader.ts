import type { Facts, PodId, State, StoreTime, TargetId, Verdict, VerdictFlag } from '../health/index.ts';
import type { Hold } from './fleet-holds.ts';
import type { MemberInfo } from './fleet-members.ts';
import type { MoneyView } from './fleet-money.ts';

export type { State } from '../health/index.ts';

/** How this pod knows what it knows. */
export type FleetMode = 'shared' | 'independent' | 'fallback';

/** One pod's judgement of one target, with the evidence behind it. Ages are never too small. */
export interface TargetView {
  readonly id: TargetId;
  readonly state: State;
  /** What an operator decided; null while nothing is. Never `pause` or `none`. */
  readonly hold: Hold | null;
  /** What counts for whoever sends traffic: `down` while drained, `up` while held up, else the state. */
  readonly effective: State;
  /** The evidence is older than the cache TTL allows. A flag: age alone never changes the state. */
  readonly stale: boolean;
  /** One line: why this state. */
  readonly why: string;
  /** What to know beside the state. */
  readonly flags: readonly VerdictFlag[];
  /** Only this pod fails: the state is this pod's own, the fleet disagrees. */
  readonly localOnly: boolean;
  readonly since: StoreTime | null;
  /** Start of the evidence, store clock; and the same as epoch seconds of the store's clock. */
  readonly evidenceAt: StoreTime | null;
  readonly ageMs: number | null;
  readonly nextDueAt: StoreTime | null;
  readonly version: number;
  readonly facts: Facts | null;
  readonly lease: { readonly pod: PodId; readonly until: StoreTime } | null;
}

/**
 * - `store-lost-data`: all of it or its last writes.
 * - `state-not-kept`: this pod could not write its state file.
 * - `foreign-data`: most of what it holds is of targets that no pod lists.
 * - `forged-messages`: what came on the channel does not parse, or is not true of the store.
 */
export type IncidentKind = 'store-lost-data' | 'foreign-data' | 'forged-messages' | 'state-not-kept';

/** Something that befell the store or its channel from outside, as one pod saw it. */
export interface Incident {
  readonly kind: IncidentKind;
  /** When it happened last. */
  readonly at: StoreTime;
  /** How often, without a break of ten minutes. */
  readonly count: number;
  /** One line: what happened last, and what was done. */
  readonly what: string;
}

/** This pod's view of the whole fleet, read from memory at once. */
export interface FleetStatus {
  readonly pod: PodId;
  readonly fleet: string;
  readonly mode: FleetMode;
  /** Store time of the last change of mode; wall clock where the store was never seen. */
  readonly modeSince: StoreTime;
  /** The store answered the last command, and recently. */
  readonly storeAvailable: boolean;
  /** Why the store is not available, one line; null while it is. */
  readonly storeProblem: string | null;
  readonly epoch: string;
  readonly seq: number;
  /** This pod's estimate of the store's clock. */
  readonly now: StoreTime;
  readonly members: readonly MemberInfo[];
  readonly leases: readonly { readonly target: TargetId; readonly pod: PodId; readonly until: StoreTime }[];
  /** Holder of the newest live lease; pod of the newest commit. */
  readonly leaseOwner: PodId | null;
  readonly lastCommitBy: PodId | null;
  readonly impaired: boolean;
  /** Why nobody probes; null while they do. */
  readonly pause: Hold | null;
  /** Records set aside because they do not parse or are of a newer format, by target. */
  readonly quarantined: readonly TargetId[];
  /** What befell the store in the last ten minutes. */
  readonly incidents: readonly Incident[];
}

/** When a target is looked at next, and by whom, as far as this pod can tell. */
export interface Forecast {
  readonly reason: 'scheduled' | 'confirmation';
  /** Null for a target off the schedule: somebody has to ask. */
  readonly at: StoreTime | null;
  /** Pods in the order in which they would claim it. Empty without a store: then each pod keeps its own slots. */
  readonly pods: readonly PodId[];
  /** Distance of scheduled probes, ms: the interval, or more while backing off. */
  readonly everyMs: number;
  /** Whether another live pod could be a second witness. */
  readonly peers: boolean;
}

/** What endpoints, metrics and routing may see of the fleet. Reading never waits for anything. */
export interface FleetReader {
  status(): FleetStatus;
  /** A configured target; undefined for any other id. */
  target(id: TargetId): TargetView | undefined;
  /** All configured targets, in configuration order. */
  targets(): readonly TargetView[];
  /** The fleet's verdict by this pod's policy, its own doubts left aside; undefined for an id that is not configured. */
  fleetVerdict(id: TargetId): Verdict | undefined;
  /** Undefined for an id that is not configured. */
  forecast(id: TargetId): Forecast | undefined;
  /** What probes cost and did not cost, as this pod last read it. */
  money(): MoneyView;
  /** Called after a verdict, a lease or the mode changed; returns the function that ends it. */
  onChange(listener: (change: FleetChange) => void): () => void;
}

/** What listeners of a fleet hear of. */
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
  | { readonly kind: 'probing-changed'; readonly pause: Hold | null };

/** For callers who may cause probes. */
export interface FleetChecker {
  /**
   * Brings the given targets up to date: joins running probes anywhere in the fleet, reuses evidence younger than
   * ten seconds, probes the rest. Resolves when all have an answer, `signal` aborts or the deadlines have passed;
   * read the result from the view.
   */
  check(targets: readonly TargetId[], signal: AbortSignal): Promise<void>;
}
