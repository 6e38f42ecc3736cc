import { randomUUID } from 'node:crypto';
import type { AllswellConfig } from '../../config/index.ts';
import { callableDeployments, createCutOff, createForwarding, createPodLoad } from '../../gateway/index.ts';
import type { HostId } from '../../health/index.ts';
import { createIdentify } from '../../http/index.ts';
import type { HotHandler } from '../../http/index.ts';
import type { Logins } from '../../logins/index.ts';
import type {
  Clock,
  LimitsReader,
  Logger,
  ObservationSink,
  Random,
  RequestMetrics,
  RoutingView,
} from '../../ports/index.ts';
import type { Redact } from '../../redaction/index.ts';
import { genaiPrices } from '../../providers/pricing/index.ts';
import { createRouter } from '../../routing/index.ts';
import { createRequestTracing } from '../../telemetry/index.ts';
import { createUpstreamPools } from '../../upstream/index.ts';
import type { OpenedShares } from './open-shares.ts';
import { createRoutingLog } from './routing-log.ts';
import { deploymentsByRoutedId, routedDeploymentsOf, uncallableGroups, usdOfTokens } from './routed-deployments.ts';

/** What forwards requests, from the start of a pod to its end: connections, counters and local evidence. */
export interface OpenedForwarding {
  /** The handler for a configuration. It keeps no state. */
  handlerFor(config: AllswellConfig): HotHandler;
  /** Routes by another configuration. */
  reconfigure(next: AllswellConfig): void;
  /** Ends the answers that still run, each with an error in the format of its client. */
  cut(): void;
  /** Cost of tokens at a deployment, by its id for routing, US dollars; undefined where the price is unknown. */
  usdOf(deployment: string, tokens: { readonly input: number; readonly output: number }): number | undefined;
  /** Leases this pod's shares of limits from now on. */
  start(): void;
  /** This pod's shares of the deployments' limits. */
  readonly limits: LimitsReader;
  /** Gives the shares back, and closes all connections. */
  close(): Promise<void>;
}

export interface ForwardingInput {
  /** Health of the targets. */
  readonly view: RoutingView;
  /** What this process may use of the deployments' limits. */
  readonly shares: OpenedShares;
  readonly sink: ObservationSink;
  /** Host of this pod: the witness of what its requests prove. */
  readonly host: HostId;
  /** Name of this pod for people. */
  readonly podName: string;
  readonly logins: Logins;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly redact: Redact;
  readonly version: string;
  readonly metrics: RequestMetrics;
}

/** Limit for DNS, TCP and TLS together. */
const CONNECT_MS = 5_000;
/** A stream that goes on for longer is ended. */
const LONGEST_STREAM_MS = 3_600_000;

/** Opens no connection before the first request. */
export function openForwarding(config: AllswellConfig, input: ForwardingInput): OpenedForwarding {
  const { view, shares, sink, host, podName, logins, clock, random, logger, redact, version, metrics } = input;
  let running = config;
  const prices = genaiPrices();
  const load = createPodLoad();
  const cutOff = createCutOff();
  const pools = createUpstreamPools({ connectMs: CONNECT_MS });
  const router = createRouter({
    deployments: routedDeploymentsOf(config, prices),
    settings: config.routing,
    view,
    sink,
    shares: shares.shares,
    host,
    clock,
    random,
    events: createRoutingLog(logger, metrics, () => running),
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
        podName,
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
    usdOf: (id, used) => {
      const deployment = deploymentsByRoutedId(running).get(id);
      if (deployment === undefined) return undefined;
      const target = running.targets.find((one) => one.id === deployment.targetId);
      // Token by token: of many requests together, the price list would take the surcharge for a long prompt.
      const one = (tokens: { input: number; output: number }): number | undefined =>
        usdOfTokens(deployment, tokens, { prices, target });
      const [usdIn, usdOut] = [one({ input: 1, output: 0 }), one({ input: 0, output: 1 })];
      return usdIn === undefined || usdOut === undefined ? undefined : used.input * usdIn + used.output * usdOut;
    },
    cut: () => cutOff.cut(),
    start: () => shares.start(),
    limits: shares.reader,
    close: async () => {
      await shares.giveBack();
      await pools.close();
    },
  };
}
