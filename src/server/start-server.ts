import type { AllswellConfig, ConfigNote, LoadedConfig } from '../config/index.ts';
import type { PodId } from '../health/index.ts';
import type { Handle, HotHandler } from '../http/index.ts';
import type { BridgeReader, BridgeStore, FleetReader, FleetStore, Logger } from '../ports/index.ts';
import type { Redact } from '../redaction/index.ts';
import { packageVersion } from '../package-files.ts';
import { stayingAlive } from '../staying-alive.ts';
import type { AgentCheck } from './agent-check/agent-check.ts';
import { openAgentCheck } from './agent-check/open-agent-check.ts';
import { openEdsFiles } from './envoy/open-eds-files.ts';
import { watchDescriptors } from './descriptor-watch.ts';
import { createHotPath, whenFirstAnswers } from './http/hot-path.ts';
import { knownSecrets } from './known-secrets.ts';
import { openLongLivedParts } from './long-lived-parts.ts';
import { listen } from './http/listen.ts';
import { listenForHealth } from './http/listen-for-health.ts';
import { reloadConfig } from './reload/reload.ts';
import type { LoadAgain } from './reload/reload.ts';
import { createHttpHandlers } from './http/http-handlers.ts';
import type { EndpointGroup, HttpHandlers } from './http/http-handlers.ts';
import { systemClock } from '../system/index.ts';
import type { DividedShares, WorkersListener } from './workers/index.ts';
import { formatNote } from '../config/index.ts';

export interface StartOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly notes?: readonly ConfigNote[];
  /** Creates the logger, given the redaction of every line. */
  readonly createLogger: (redact: Redact) => Logger;
  /** The fleet's store, for several pods in one process; by default Redis or, without sharing, a private one. */
  readonly store?: FleetStore;
  /** LiteLLM's keys; by default on the same Redis, if the configuration enables the bridge. */
  readonly bridgeStore?: BridgeStore;
  /** Endpoints to serve; by default all. */
  readonly endpoints?: EndpointGroup;
  readonly drainMs?: number;
  /** Handlers of the byte path, called in this order before the router. */
  readonly hot?: readonly HotHandler[];
  /** Called when this process forwards its first request; again after a reload. */
  readonly onFirstRequest?: () => void;
  /** Forwards requests in processes of their own. By default this process does. */
  readonly workers?: WorkersOption;
}

export interface WorkersOption {
  /** At least two. */
  readonly count: number;
  readonly logFlag: 'debug' | 'none';
}

/** A pod that serves requests. */
export interface RunningServer {
  readonly pod: PodId;
  readonly port: number;
  readonly fleet: FleetReader;
  readonly bridge: BridgeReader;
  readonly logger: Logger;
  /** Reloads the configuration, as far as a running pod can. Returns the loaded configuration. */
  reload(load: LoadAgain): LoadedConfig;
  /** Finishes running work within the drain time, releases leases and closes everything. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts a pod. It listens before it connects to its store, so that liveness never waits for Redis.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE` when it cannot listen; then nothing was started
 */
export async function startServer(config: AllswellConfig, options: StartOptions): Promise<RunningServer> {
  const { host, port, notes = [], drainMs = config.shutdownMs, endpoints = 'all', hot = [] } = options;
  const { onFirstRequest = () => {} } = options;
  const { store, bridgeStore, workers } = options;
  const secrets = knownSecrets(config);
  const logger = options.createLogger(secrets.redact);
  logStart(logger, config, notes);
  const descriptors = watchDescriptors({ logger, clock: systemClock });
  const version = packageVersion();
  // A pod of one process needs nothing of it.
  const forWorkers = workers === undefined ? undefined : await import('./workers/index.ts');
  let byWorkers: WorkersListener | undefined;
  let divided: DividedShares | undefined;
  const parts = openLongLivedParts(config, {
    version,
    drainMs,
    port,
    secrets,
    logger,
    store,
    bridgeStore,
    sharesOf: (pod) =>
      workers === undefined || forWorkers === undefined
        ? pod
        : (divided = forWorkers.createDividedShares({ workers: workers.count, pod, clock: systemClock })),
    inFlightElsewhere: () => byWorkers?.inFlight ?? 0,
  });
  const { pod, ports, fleet, bridge, alerts, events, traffic, intake, reports, unprobed } = parts;
  const edsFiles = openEdsFiles({ fleet, config: parts.config, clock: systemClock, logger });
  let agentCheck: AgentCheck | undefined;
  const close = async (): Promise<void> => {
    descriptors.stop();
    await agentCheck?.close();
    await edsFiles?.stop();
    parts.requests.stop();
    parts.view.close();
    await parts.forwarding.close();
    await alerts.close();
    await ports.close();
  };

  /** Leases first: they are given back while the fleet still knows the store's time. */
  const stopCoordination = async (): Promise<void> => {
    await alerts.stop();
    await bridge.stop();
    await fleet.stop();
  };
  let stopping: Promise<void> | undefined;
  let draining: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    // Clients of the event stream reconnect to another pod.
    events.close();
    listener.drain();
    health?.drain();
    // What load balancers got last stays in force: a pod that stops says nothing about an upstream.
    void agentCheck?.close();
    void edsFiles?.stop();
    await (draining ??= stopCoordination());
    await byWorkers?.sync();
  };
  const handlersOf = (next: AllswellConfig, offered = endpoints): HttpHandlers =>
    createHttpHandlers({
      config: next,
      endpoints: offered,
      hot,
      forwarding: whenFirstAnswers(parts.forwarding.handlerFor(next), onFirstRequest),
      bridge,
      alerts,
      fleet,
      traffic,
      intake,
      reports,
      requests: parts.requests,
      observations: () => parts.metrics.observations(),
      unprobed,
      events,
      version,
      redact: parts.redact,
      drain,
      logger,
      scrape: async () => {
        await byWorkers?.sync();
        return await parts.metrics.scrape();
      },
      scrapeFleet: async (budgets) => await parts.metrics.scrapeFleet(budgets),
      probeOnce: ports.probeOnce,
      evictionPolicy: ports.evictionPolicy,
      isStopping: () => stopping !== undefined || draining !== undefined,
      clock: systemClock,
    });
  let handlers = handlersOf(config);
  const hotPath = createHotPath({ handlers: () => handlers.hot, traffic, logger });
  const handle: Handle = async (request, peer) => await handlers.handle(request, peer);
  const listener = await orClose(async () => {
    agentCheck = await openAgentCheck({ host, fleet, config: parts.config, logger });
    if (workers === undefined || divided === undefined || forWorkers === undefined) {
      return await listen(handle, {
        host,
        port,
        limits: config.gateway,
        rootPath: config.rootPath,
        hot: hotPath,
        cut: () => parts.forwarding.cut(),
        logger,
      });
    }
    return (byWorkers = await forWorkers.listenByWorkers(config, {
      ...workers,
      host,
      port,
      version,
      handle,
      parts,
      shares: divided,
      logger,
    }));
  }, close);
  let healthHandlers = handlersOf(config, 'health');
  const health = await orClose(
    async () => {
      return await listenForHealth(async (request, peer) => await healthHandlers.handle(request, peer), {
        host,
        config,
        logger,
      });
    },
    async () => {
      await listener.close(0);
      await close();
    },
  );
  logger.info(`allswell ${version} listens on http://${host}:${listener.port} as ${pod} (${parts.podName})`);
  fleet.start();
  bridge.start();
  alerts.start();
  parts.forwarding.start();
  edsFiles?.start();

  const apply = (next: AllswellConfig): void => {
    parts.reconfigure(next);
    edsFiles?.renew();
    handlers = handlersOf(next);
    healthHandlers = handlersOf(next, 'health');
    byWorkers?.reconfigure(next);
  };
  return {
    pod,
    port: listener.port,
    fleet,
    bridge,
    logger,
    reload: (load) => reloadConfig(load, { running: parts.config, logger, apply }),
    stop: () =>
      (stopping ??= stayingAlive(async () => {
        // The pod still listens while probes finish, so that readiness requests learn that it stops.
        await drain();
        await Promise.all([listener.close(drainMs), health?.close(drainMs)]);
        await close();
      })),
  };
}

async function orClose<T>(start: () => Promise<T>, close: () => Promise<void>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await close();
    throw error;
  }
}

/** Logs the configuration once, with its notes and warnings. */
export function logStart(logger: Logger, config: AllswellConfig, notes: readonly ConfigNote[]): void {
  logger.info(configLine(config));
  for (const note of notes) logger[note.level](formatNote(note));
  for (const warning of config.activation.warnings) logger.warn(warning);
}

/** LiteLLM's log line at load, with its spelling of values. */
function configLine({
  activation,
  details,
  intervalMs,
  concurrency,
  healthRouting,
  modelGroups,
}: AllswellConfig): string {
  const { mode } = activation;
  const values = {
    enabled: python(mode === 'shared' || mode === 'independent'),
    shared: python(mode === 'shared' || mode === 'on-demand-shared'),
    interval_seconds: intervalMs / 1000,
    max_concurrency: concurrency.total,
    details: python(details === 'full'),
    health_check_routing: python(healthRouting),
    model_groups: modelGroups === null ? 'None' : `[${modelGroups.map((name) => `'${name}'`).join(', ')}]`,
  };
  const shown = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return `background_health_check_config ${shown.join(' ')}`;
}

function python(value: boolean): string {
  return value ? 'True' : 'False';
}
