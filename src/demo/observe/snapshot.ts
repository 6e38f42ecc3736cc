import type { State } from '../../ports/index.ts';

/** Everything that a view shows, at one moment. */
export interface Snapshot {
  /** Wall clock, ms. */
  readonly atMs: number;
  /** Since all pods ran. */
  readonly elapsedMs: number;
  readonly intervalMs: number;
  /** All processes that the demo runs beside its own. */
  readonly pids: readonly number[];
  /** `none`: the pods share the memory of one process. */
  readonly redis: 'up' | 'stopped' | 'hung' | 'none';
  /** `paused`: an operator wants no probes of the fleet. */
  readonly probing: 'on' | 'paused';
  readonly pods: readonly PodShot[];
  readonly targets: readonly TargetShot[];
  readonly probes: ProbeCount;
  readonly money: Savings;
  /** What the fleet itself has counted; null until a pod tells. */
  readonly fleetSpend: FleetSpend | null;
}

export interface PodShot {
  readonly name: string;
  readonly life: 'starting' | 'running' | 'down';
  /** While it is down: when it will be started again. */
  readonly backInMs: number | null;
  /** What it says of itself; null while it says nothing. */
  readonly self: { readonly mode: string; readonly impaired: boolean; readonly storeProblem: string | null } | null;
  readonly network: 'open' | 'cut';
  /** Probes that the upstream counted from it; null where it cannot tell pods apart. */
  readonly probes: number | null;
  /** Targets that it alone takes to be failing. */
  readonly failingOnlyHere: number;
  /** Its state of each target, by name. */
  readonly states: Readonly<Record<string, State>>;
}

export interface TargetShot {
  /** What is really called, such as `gpt-4o-mini`. */
  readonly name: string;
  /** Public names that lead to it. */
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
  /** Host it is reached at. */
  readonly host: string;
  readonly latencyMs: number | null;
  /** Name of the pod that probes it just now. */
  readonly probing: string | null;
  /** What an operator decided about it, such as `drain`. */
  readonly hold: string | null;
  /** What the demo does to it. */
  readonly fault: 'none' | 'failing' | 'slow';
}

export interface ProbeCount {
  /** Requests that the upstream counted. */
  readonly counted: number;
  /** What as many pods that do not talk to each other would have sent. */
  readonly independent: number;
  /** Per target and interval, lately; null before two intervals have passed. */
  readonly rate: number | null;
}

/** Counted at the upstream, at list prices; null where no price is known. */
export interface Savings {
  readonly spentUsd: number | null;
  readonly savedUsd: number | null;
  /** In a month of this interval and these pods. */
  readonly monthlyUsd: number | null;
  /** Targets without a price: they are in none of the sums. */
  readonly unpriced: number;
}

/** The fleet's own account, from the bills of its probes; null where it knows no price. */
export interface FleetSpend {
  readonly spentUsd: number | null;
  readonly savedUsd: { readonly bySharing: number; readonly byAlias: number; readonly byCache: number } | null;
}
