import { createEventFeed } from '../admin/index.ts';
import type { AllswellConfig, ConfigNote, LoadedConfig } from '../config/index.ts';
import { createFleet } from '../fleet/index.ts';
import type { FleetPorts, FleetSettings } from '../fleet/index.ts';
import type { PodId } from '../health/index.ts';
import { createTraffic } from '../http/index.ts';
import type { Handle } from '../http/index.ts';
import type { BridgeReader, BridgeStore, FleetReader, FleetStore, Logger } from '../ports/index.ts';
import { createRedactor, secretsOf } from '../redaction/index.ts';
import type { Redact } from '../redaction/index.ts';
import { createMetrics, meteredProber } from '../telemetry/index.ts';
import { watchDescriptors } from './descriptor-watch.ts';
import { fleetSettingsOf, fleetTargetsOf } from './fleet-settings.ts';
import { listen } from './listen.ts';
import { newPodId } from './pod-id.ts';
import { openBridge } from './open-bridge.ts';
import { openPorts } from './open-ports.ts';
import { reloadConfig } from './reload/reload.ts';
import type { LoadAnew } from './reload/reload.ts';
import { logStart } from './startup-lines.ts';
import { openStateFile } from './state/state-file.ts';
import { createSurface } from './surface.ts';
import type { Offering } from './surface.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { packageVersion } from '../package-version.ts';
import { stayingAlive } from '../staying-alive.ts';

export interface StartOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly notes?: readonly ConfigNote[];
  /** Makes the logger, given what must be taken out of every line. */
  readonly createLogger: (redact: Redact) => Logger;
  /** The fleet's store, for several pods in one process; by default Redis or, where nothing is shared, the pod's own. */
  readonly store?: FleetStore;
  /** LiteLLM's keys, likewise; by default on the same Redis, if the configuration asks for a bridge. */
  readonly bridgeStore?: BridgeStore;
  /** What to answer: by default everything. */
  readonly offering?: Offering;
  readonly drainMs?: number;
}

/** A pod that answers. */
export interface RunningServer {
  readonly pod: PodId;
  readonly port: number;
  readonly fleet: FleetReader;
  readonly bridge: BridgeReader;
  readonly logger: Logger;
  /** Reads the configuration anew and goes on with it, as far as a running pod can. Answers what was read. */
  reload(load: LoadAnew): LoadedConfig;
  /** Finishes what runs within the drain time, gives leases back and closes everything. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts a pod: it listens first and looks for its store afterwards, so that liveness never waits for Redis.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE` when it cannot listen; then nothing was started
 */
export async function startServer(config: AllswellConfig, options: StartOptions): Promise<RunningServer> {
  const { host, port, notes = [], drainMs = config.shutdownMs, offering = 'all' } = options;
  let running = config;
  const secrets = new Set(secretsOf(config));
  let redactAll = createRedactor(secrets);
  const redact: Redact = (text) => redactAll(text);
  const logger = options.createLogger(redact);
  logStart(logger, config, notes);
  const descriptors = watchDescriptors({ logger, clock: systemClock });
  const metrics = createMetrics(config.targets);
  const version = packageVersion();
  const ports = openPorts(config, { logger, version, store: options.store, bridgeStore: options.bridgeStore });
  const pod = newPodId(systemClock, systemRandom);
  const settingsInput = { version, drainMs, sharing: ports.sharing, port };
  const settings = fleetSettingsOf(config, settingsInput);
  const fleet = createFleet({
    ...settings,
    pod,
    targets: fleetTargetsOf(config),
    store: ports.store,
    prober: meteredProber(ports.prober, (target, usd) => metrics.spent(target, usd)),
    clock: systemClock,
    random: systemRandom,
    logger,
    metrics,
    ...stateOf(config, { settings, pod, logger }),
  });
  metrics.observe(fleet);
  const bridge = openBridge(config, { store: ports.bridge, fleet, pod, logger, redact });

  let stopping: Promise<void> | undefined;
  let draining: Promise<void> | undefined;
  const events = createEventFeed({ fleet, clock: systemClock, redact, config: () => running });
  const drain = async (): Promise<void> => {
    // Whoever follows this pod goes to another one.
    events.close();
    await (draining ??= bridge.stop().then(async () => await fleet.stop()));
  };
  metrics.observeBridge(bridge);
  const surfaceParts = {
    offering,
    bridge,
    fleet,
    traffic: createTraffic(),
    events,
    version,
    redact,
    scrape: async () => await metrics.scrape(),
    probeOnce: ports.probeOnce,
    evictionPolicy: ports.evictionPolicy,
    isStopping: () => stopping !== undefined || draining !== undefined,
    drain,
    clock: systemClock,
    logger,
  };
  let handle = createSurface({ ...surfaceParts, config });
  const listener = await listenOrClose(
    async (request) => await handle(request),
    { host, port },
    async () => {
      descriptors.stop();
      await ports.close();
    },
  );
  logger.info(`allswell ${version} listens on http://${host}:${listener.port} as ${pod}`);
  fleet.start();
  bridge.start();

  const apply = (next: AllswellConfig): void => {
    running = next;
    // What was a secret is one still: an old key may come back in an upstream's words.
    for (const secret of secretsOf(next)) secrets.add(secret);
    redactAll = createRedactor(secrets);
    metrics.know(next.targets);
    ports.know(next.targets);
    handle = createSurface({ ...surfaceParts, config: next });
    bridge.reload(next);
    fleet.reload({ ...fleetSettingsOf(next, settingsInput), targets: fleetTargetsOf(next) });
    events.renew();
  };

  return {
    pod,
    port: listener.port,
    fleet,
    bridge,
    logger,
    reload: (load) => reloadConfig(load, { running: () => running, logger, apply }),
    stop: () =>
      (stopping ??= stayingAlive(async () => {
        // Still listening while probes finish: whoever asks learns that this pod is going.
        await drain();
        await listener.close(drainMs);
        descriptors.stop();
        await ports.close();
      })),
  };
}

/** The file that survives restarts, where a directory is configured. */
function stateOf(
  { stateDir }: AllswellConfig,
  { settings, pod, logger }: { settings: FleetSettings; pod: PodId; logger: Logger },
): Pick<FleetPorts, 'state'> {
  if (stateDir === null) return {};
  const { fleet, host } = settings;
  if (host !== undefined) {
    return { state: openStateFile({ dir: stateDir, fleet, host, pod, logger, clock: systemClock }) };
  }
  logger.warn('fleet_health.state_dir is not used: no restart finds its file again without a fixed port; set --port');
  return {};
}

async function listenOrClose(
  handle: Handle,
  address: { host: string; port: number },
  close: () => Promise<void>,
): ReturnType<typeof listen> {
  try {
    return await listen(handle, address);
  } catch (error) {
    await close();
    throw error;
  }
}
