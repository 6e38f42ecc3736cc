import { randomUUID } from 'node:crypto';
import type { AllswellConfig } from '../../config/index.ts';
import { callableDeployments, createCutOff, createForwarding, createPodLoad } from '../../gateway/index.ts';
import type { HostId, PodId } from '../../health/index.ts';
import { createIdentify } from '../../http/index.ts';
import type { HotHandler } from '../../http/index.ts';
import type { Logins } from '../../logins/index.ts';
import { podCountOf } from '../../ports/index.ts';
import type {
  Clock,
  FleetMetrics,
  FleetReader,
  LimitShares,
  LimitsReader,
  LimitStore,
  Logger,
  ObservationSink,
  Random,
  RequestMetrics,
} from '../../ports/index.ts';
import type { Redact } from '../../redaction/index.ts';
import { genaiPrices } from '../../providers/pricing/index.ts';
import { createLeasedLimits, createRouter, readableLimits, wholeLimits } from '../../routing/index.ts';
import { createRequestTracing } from '../../telemetry/index.ts';
import { createUpstreamPools } from '../../upstream/index.ts';
import { createFleetRoutingView } from './fleet-routing-view.ts';
import { createRoutingLog } from './routing-log.ts';
import { deploymentsByRoutedId, routedDeploymentsOf, uncallableGroups } from './routed-deployments.ts';

/** What forwards requests, from the start of a pod to its end: connections, counters and local evidence. */
export interface OpenedForwarding {
  /** The handler for a configuration. It keeps no state. */
  handlerFor(config: AllswellConfig): HotHandler;
  /** Routes by another configuration. */
  reconfigure(next: AllswellConfig): void;
  /** Ends the answers that still run, each with an error in the format of its client. */
  cut(): void;
  /** Leases this pod's shares of limits from now on. */
  start(): void;
  /** This pod's shares of the deployments' limits. */
  readonly limits: LimitsReader;
  /** Gives the shares back, and closes all connections. */
  close(): Promise<void>;
}

export interface ForwardingInput {
  readonly fleet: Pick<FleetReader, 'target' | 'onChange' | 'status'>;
  readonly sink: ObservationSink;
  readonly pod: PodId;
  /** Null: each pod may use the limits whole. */
  readonly limits: LimitStore | null;
  /** Host of this pod: the witness of what its requests prove. */
  readonly host: HostId;
  readonly logins: Logins;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly redact: Redact;
  readonly version: string;
  readonly metrics: RequestMetrics;
  readonly storeMetrics: Pick<FleetMetrics, 'storeCommand' | 'storeError'>;
}

/** Limit for DNS, TCP and TLS together. */
const CONNECT_MS = 5_000;
/** A stream that goes on for longer is ended. */
const LONGEST_STREAM_MS = 3_600_000;

/** Opens no connection before the first request. */
export function openForwarding(config: AllswellConfig, input: ForwardingInput): OpenedForwarding {
  const { fleet, sink, host, logins, clock, random, logger, redact, version, metrics } = input;
  let running = config;
  const view = createFleetRoutingView(fleet, clock);
  const prices = genaiPrices();
  const load = createPodLoad();
  const cutOff = createCutOff();
  const pools = createUpstreamPools({ connectMs: CONNECT_MS });
  const shares = openShares(input, () => running);
  const router = createRouter({
    deployments: routedDeploymentsOf(config, prices),
    settings: config.routing,
    view,
    sink,
    shares: shares.shares,
    host,
    clock,
    random,
    events: createRoutingLog(logger, () => running),
  });
  return {
    handlerFor: (next) =>
      createForwarding({
        deployments: callableDeployments(deploymentsByRoutedId(next), `allswell/${version}`),
        uncallable: uncallableGroups(next),
        router,
        view,
        pools,
        logins,
        clock,
        redact,
        logger,
        metrics,
        idleMs: next.gateway.idleTimeoutMs,
        longestStreamMs: LONGEST_STREAM_MS,
        firstByteMs: next.gateway.firstByteTimeoutMs,
        limits: next.gateway,
        load,
        tracing: createRequestTracing(version),
        cutOff,
        identify: createIdentify(next),
        newCallId: randomUUID,
      }),
    reconfigure: (next) => {
      running = next;
      router.reconfigure(routedDeploymentsOf(next, prices), next.routing);
    },
    cut: () => cutOff.cut(),
    start: () => shares.start(),
    limits: shares.reader,
    close: async () => {
      await shares.giveBack();
      view.close();
      await pools.close();
    },
  };
}

interface OpenedShares {
  readonly shares: LimitShares;
  readonly reader: LimitsReader;
  start(): void;
  giveBack(): Promise<void>;
}

/** Shares that the fleet's pods lease from their store; without one the whole limits. */
function openShares(input: ForwardingInput, config: () => AllswellConfig): OpenedShares {
  const { fleet, pod, limits, clock, random, logger, storeMetrics } = input;
  if (limits === null) {
    return { ...readableLimits(wholeLimits()), start: () => {}, giveBack: () => Promise.resolve() };
  }
  const leased = createLeasedLimits({
    store: limits,
    pod,
    pods: () => Math.max(podCountOf(fleet.status()), config().expectedPods ?? 1),
    clock,
    random,
    logger,
    metrics: storeMetrics,
  });
  return { ...readableLimits(leased), start: () => leased.start(), giveBack: () => leased.stop() };
}
