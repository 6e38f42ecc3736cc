import type { State } from '../../ports/index.ts';
import type { LoadCounts } from '../traffic/load.ts';

/** Everything that a view shows, at one moment. */
export interface Snapshot {
  /** Wall clock, ms. */
  readonly atMs: number;
  /** Time since all pods ran. */
  readonly elapsedMs: number;
  readonly intervalMs: number;
  /** Processes of the demo, without its own. */
  readonly pids: readonly number[];
  /** `none`: the pods share the memory of one process. */
  readonly redis: 'up' | 'stopped' | 'hung' | 'none';
  /** `paused`: an operator paused probing. */
  readonly probing: 'on' | 'paused';
  readonly pods: readonly PodShot[];
  readonly targets: readonly TargetShot[];
  readonly probes: ProbeCount;
  readonly requests: RequestShot;
  readonly money: Savings;
  /** The fleet's own sums; null until a pod has read them. */
  readonly fleetSpend: FleetSpend | null;
}

export interface PodShot {
  readonly name: string;
  readonly life: 'starting' | 'running' | 'down';
  /** Time until the restart of a pod that is down. */
  readonly backInMs: number | null;
  /** The pod's own status; null while it does not answer. */
  readonly self: { readonly mode: string; readonly impaired: boolean; readonly storeProblem: string | null } | null;
  readonly network: 'open' | 'cut';
  /** Probes from this pod that the upstream counted; null if it cannot tell pods apart. */
  readonly probes: number | null;
  /** Number of targets that only this pod fails to reach. */
  readonly failingOnlyHere: number;
  /** Its state of each target, by target name. */
  readonly states: Readonly<Record<string, State>>;
}

export interface TargetShot {
  /** Name of the upstream model, such as `gpt-4o-mini`. */
  readonly name: string;
  /** Public model names that lead to it. */
  readonly serves: readonly string[];
  readonly state: State;
  readonly isStale: boolean;
  readonly why: string;
  readonly sinceMs: number | null;
  readonly ageMs: number | null;
  /** Store time of the newest evidence, ms. */
  readonly checkedAtMs: number | null;
  /** Probes that the upstream counted. */
  readonly probes: number;
  /** Name of the pod that probed last. */
  readonly by: string | null;
  /** Upstream host. */
  readonly host: string;
  readonly latencyMs: number | null;
  /** Name of the pod that is probing it. */
  readonly probing: string | null;
  /** Kind of its hold, such as `drain`. */
  readonly hold: string | null;
  /** Fault that the demo has caused. */
  readonly fault: 'none' | 'failing' | 'slow';
  /** Requests of clients that reached the upstream since that fault began; 0 without a fault. */
  readonly metFault: number;
}

/** Requests of the demo's clients. */
export interface RequestShot extends LoadCounts {
  /** Probes that successful requests replaced, by the pods' own estimate. */
  readonly replacedProbes: number;
}

export interface ProbeCount {
  /** Requests that the upstream counted. */
  readonly counted: number;
  /** Requests that as many independent pods would have sent. */
  readonly independent: number;
  /** Recent rate per target and interval; null before two intervals have passed. */
  readonly rate: number | null;
}

/** Sums from the upstream's counters at list prices; null without a known price. */
export interface Savings {
  readonly spentUsd: number | null;
  readonly savedUsd: number | null;
  /** Savings of a month with this interval and these pods. */
  readonly monthlyUsd: number | null;
  /** Targets without a price, which are in none of the sums. */
  readonly unpriced: number;
}

/** The fleet's own sums of its probes' costs; null without a known price. */
export interface FleetSpend {
  readonly spentUsd: number | null;
  readonly savedUsd: { readonly bySharing: number; readonly byAlias: number; readonly byCache: number } | null;
}
