import type { ObservedBody } from '../api/index.ts';
import type { AllswellConfig, ProbeTarget } from '../config/index.ts';
import type { Route, Traffic } from '../http/index.ts';
import type {
  AlertsReader,
  BridgeReader,
  Clock,
  Exposition,
  FleetChecker,
  FleetHistorian,
  FleetHolder,
  FleetReader,
  GroupBudget,
  Logger,
  ProbeResult,
  RecentRequestsReader,
  UnprobedReader,
} from '../ports/index.ts';
import type { ObservationIntake, TrafficIntake } from '../traffic/index.ts';
import type { EventFeed } from './fleet/event-feed.ts';
import type { ShowRequest } from './health/shown-request.ts';

/** True once the pod has begun to stop. */
export type IsStopping = () => boolean;

export interface AdminOptions {
  readonly fleet: FleetReader & FleetChecker & FleetHistorian & FleetHolder;
  readonly bridge: BridgeReader;
  readonly alerts: AlertsReader;
  readonly config: AdminConfig;
  readonly version: string;
  /** All that this pod answers. */
  readonly routes: readonly Route[];
  /** Last station of every text that came from an upstream or another pod. */
  readonly redact: (text: string) => string;
  /** For the rows of failing deployments. */
  readonly showRequest: ShowRequest;
  /** Probes a target once that is not in the configuration, for `POST /health/test_connection`. */
  readonly probeOnce: (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeResult>;
  /** Reads the metrics of this pod. */
  readonly scrape: () => Promise<Exposition>;
  /** Reads the metrics of the fleet, with these error budgets. */
  readonly scrapeFleet: (budgets: readonly GroupBudget[]) => Promise<Exposition>;
  /** What a shared store does when its memory is full, in Redis' words; null while it is unknown. */
  readonly evictionPolicy: () => string | null;
  readonly isStopping: IsStopping;
  /** Takes the pod out of service for good; resolves when its probes have ended and its leases are given back. */
  readonly drain: () => Promise<void>;
  readonly events: EventFeed;
  readonly traffic: Traffic;
  /** What requests to models met lately. */
  readonly requests: RecentRequestsReader;
  /** Takes the events of LiteLLM. */
  readonly intake: TrafficIntake;
  /** Takes what other programs report of their requests. */
  readonly reports: ObservationIntake;
  /** Results of users' requests so far, by source and class. */
  readonly observations: () => readonly ObservedBody[];
  /** Evidence from LiteLLM about deployments that are not probed. */
  readonly unprobed: UnprobedReader;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Where the files of the dashboard are. Default: where `npm run build` writes them. */
  readonly dashboardFolder?: URL;
}

/** What the endpoints need to know of the configuration. */
export type AdminConfig = Pick<
  AllswellConfig,
  | 'activation'
  | 'bridge'
  | 'cacheTtlMs'
  | 'dashboard'
  | 'deployments'
  | 'details'
  | 'drainToken'
  | 'expectedPods'
  | 'history'
  | 'keys'
  | 'leaseMs'
  | 'lockTtlMs'
  | 'logLevel'
  | 'policy'
  | 'policyHash'
  | 'readiness'
  | 'redis'
  | 'routing'
  | 'sharingRequested'
  | 'shutdownMs'
  | 'objectives'
  | 'statusPage'
  | 'targets'
  | 'unprobed'
>;
