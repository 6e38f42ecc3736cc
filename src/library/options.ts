import type { Level } from '../health/index.ts';
import type { Logger, RedisTarget, Strategy } from '../ports/index.ts';
import type { LibraryUpstream } from './upstreams.ts';

/** Upstreams by the names of their groups. */
export type Groups = Readonly<Record<string, readonly LibraryUpstream[]>>;

/** How a process joins a fleet. All durations in ms. */
export interface JoinOptions<T extends Groups = Groups> {
  /** The groups, each with the upstreams that can serve it. */
  readonly targets: T;
  /** URL of Redis or Valkey (`redis://`, `rediss://`), or a cluster or sentinels. Undefined: this process alone, in memory. */
  readonly redis?: string | RedisTarget | undefined;
  /** Name of the fleet: processes and gateways with the same name and the same Redis share health. `default` unless given. */
  readonly fleet?: string;
  /** Probes beside traffic. Without it no request is sent that a user did not make. */
  readonly probe?: ProbeOptions;
  /** Changes no request; emits {@link FleetMember.on} `advice`, and logs what would have been done. */
  readonly observeOnly?: boolean;
  readonly routing?: RoutingOptions;
  /** Secret of target ids, the same in all of the fleet (`fleet_health.identity_secret`). */
  readonly identitySecret?: string;
  /** Longest wait of {@link joinFleet} for the store; then it goes on alone and joins later. 1,000 unless given. */
  readonly joinTimeoutMs?: number;
  /** Unless given, lines from level INFO go to standard error. */
  readonly logger?: Logger;
  /** In the place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Probes of the library's own. */
export interface ProbeOptions {
  /** Time between probes of one target, of the whole fleet. 60,000 unless given; at least 1,000. */
  readonly intervalMs?: number;
  /** `connect` and `models` cost nothing; `inference` is billed. `models` unless given. */
  readonly level?: Level;
  /** Longest probe. 10,000 unless given. */
  readonly timeoutMs?: number;
  /** Billed probes of the whole fleet per hour; 60 unless given. */
  readonly maxPerHour?: number;
  /** US dollars for billed probes of the whole fleet per day; no limit unless given. */
  readonly maxUsdPerDay?: number;
}

/** How requests choose a deployment. */
export interface RoutingOptions {
  /** `simple-shuffle` (by weight) unless given. */
  readonly strategy?: Exclude<Strategy, 'cost-based-routing'>;
  /** Further attempts in each group after a failure. 2 unless given. */
  readonly retries?: number;
  /** Longest wait of one attempt for the head of an answer; with `call`, for the result of `make`. 120,000 unless given. */
  readonly timeoutMs?: number;
  /** How long this process avoids a deployment whose requests fail, before the fleet knows. 5,000 unless given. */
  readonly cooldownMs?: number;
  /** While a target is down, one request of the whole fleet tests it after this time. 10,000 unless given; at least 1,000. */
  readonly trialIntervalMs?: number;
  /** Groups that are tried after a group. */
  readonly fallbacks?: Readonly<Record<string, readonly string[]>>;
}
