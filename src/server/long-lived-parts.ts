import { createEventFeed } from '../admin/index.ts';
import type { EventFeed } from '../admin/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import { createFleet } from '../fleet/index.ts';
import type { Fleet, FleetPorts, FleetSettings } from '../fleet/index.ts';
import type { HostId, PodId, StoreTime } from '../health/index.ts';
import { createTraffic } from '../http/index.ts';
import type { Traffic } from '../http/index.ts';
import type { BridgeStore, FleetStore, LimitShares, Logger, ObservationSink, TrafficMetrics } from '../ports/index.ts';
import type { Redact } from '../redaction/index.ts';
import { createMetrics, createRecentRequests, meteredProber } from '../telemetry/index.ts';
import type { PodMetrics, SampledRequests } from '../telemetry/index.ts';
import { createObservationIntake, createTrafficIntake, createUnprobedTraffic } from '../traffic/index.ts';
import type { ObservationIntake, TrafficIntake, UnprobedTraffic } from '../traffic/index.ts';
import { fleetSettingsOf, fleetTargetsOf, podNameOf } from './fleet-settings.ts';
import { newPodId, systemClock, systemRandom } from '../system/index.ts';
import { createFleetRoutingView } from '../routing/index.ts';
import type { FleetRoutingView } from '../routing/index.ts';
import { openAlerts } from './alerts/open-alerts.ts';
import type { OpenedAlerts } from './alerts/open-alerts.ts';
import { openForwarding } from './gateway/open-forwarding.ts';
import { openShares } from './gateway/open-shares.ts';
import type { OpenedForwarding } from './gateway/open-forwarding.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { openBridge } from './litellm/open-bridge.ts';
import type { OpenedBridge } from './litellm/open-bridge.ts';
import { openPorts } from './open-ports.ts';
import type { OpenedPorts } from './open-ports.ts';
import { openStateFile } from './state/state-file.ts';

/**
 * The parts of a pod that live from its start to its end. A reload changes their settings ({@link
 * LongLivedParts.reconfigure}) and never replaces a part, so its state survives:
 *
 * - `pod`: the id, and with it leases and membership
 * - `secrets` of all configurations so far: an upstream's message may contain an old key
 * - `metrics`: every counter and histogram
 * - `ports`: connections to Redis and to upstreams
 * - `fleet`: replica, leases, running probes, budget, circuit breaker
 * - `bridge`: the results published for LiteLLM, and their time
 * - `alerts`: the lease of alerts, and messages on their way
 * - `events`: open event streams, and the changes kept for readers that reconnect
 * - `intake`: results of users' requests within the last minute, and the rate of their batches
 * - `reports`: the same of the requests that other programs report
 * - `unprobed`: newest evidence from LiteLLM and reporters about deployments that are not probed
 * - `view`: the health of targets for requests
 * - `forwarding`: connections to upstreams for requests, their counters, and what they proved in this pod
 * - `requests`: samples of their counters of the last minute
 * - `traffic`: requests in flight, and drains that wait for their end
 *
 * Parts derived from the configuration alone are created again by a reload and hold no state: routes with their handlers,
 * callers' keys, the requests that `/health` shows, and the OpenAPI document ({@link createHttpHandlers}).
 */
export interface LongLivedParts {
  readonly pod: PodId;
  /** Name of this pod for people. */
  readonly podName: string;
  /** Host of this pod, as a witness. */
  readonly host: HostId;
  readonly redact: Redact;
  readonly metrics: PodMetrics;
  readonly ports: OpenedPorts;
  readonly fleet: Fleet;
  readonly bridge: OpenedBridge;
  readonly alerts: OpenedAlerts;
  readonly events: EventFeed;
  readonly view: FleetRoutingView;
  /** Takes evidence from requests. */
  readonly sink: ObservationSink;
  readonly forwarding: OpenedForwarding;
  /** What requests met within the last minute. */
  readonly requests: SampledRequests;
  readonly traffic: Traffic;
  readonly intake: TrafficIntake;
  readonly reports: ObservationIntake;
  readonly unprobed: UnprobedTraffic;
  /** The running configuration. */
  readonly config: () => AllswellConfig;
  /** Applies another configuration. */
  reconfigure(next: AllswellConfig): void;
}

export interface LongLivedInput {
  readonly version: string;
  readonly drainMs: number;
  /** Configured port. */
  readonly port: number;
  readonly secrets: KnownSecrets;
  readonly logger: Logger;
  /** Replaces the configured store. */
  readonly store: FleetStore | undefined;
  /** Replaces LiteLLM's keys on the configured Redis. */
  readonly bridgeStore: BridgeStore | undefined;
  /** What this process may use of the pod's shares of limits. */
  readonly sharesOf: (pod: LimitShares) => LimitShares;
  /** Requests in flight in other processes of the pod. */
  readonly inFlightElsewhere: () => number;
}

/** Creates the parts without starting them. */
export function openLongLivedParts(config: AllswellConfig, input: LongLivedInput): LongLivedParts {
  const { version, drainMs, port, secrets, logger, store, bridgeStore } = input;
  const { redact } = secrets;
  let running = config;
  const metrics = createMetrics(config);
  const ports = openPorts(config, { logger, version, store, bridgeStore });
  const pod = newPodId(systemClock, systemRandom);
  metrics.identify({ pod, podName: podNameOf(config), version });
  const settingsInput = { version, drainMs, sharing: ports.sharing, port };
  const settings = fleetSettingsOf(config, settingsInput);
  const fleet = createFleet({
    ...settings,
    pod,
    targets: fleetTargetsOf(config),
    store: ports.store,
    prober: meteredProber(ports.prober, (usd) => metrics.spent(usd)),
    clock: systemClock,
    random: systemRandom,
    logger,
    metrics,
    ...stateOf(config, { settings, pod, logger }),
  });
  metrics.observe(fleet);
  const unprobed = createUnprobedTraffic();
  unprobed.know(config.unprobed);
  const { bridge: bridgeKeys, cooldowns } = ports;
  const bridge = openBridge(config, { store: bridgeKeys, cooldowns, fleet, unprobed, pod, logger, metrics, redact });
  metrics.observeBridge(bridge);
  const alerts = openAlerts(config, {
    pod,
    store: ports.alerts,
    fleet,
    bridge,
    bridgeStore: bridgeKeys,
    logger,
    metrics,
    redact,
  });
  metrics.observeAlerts(alerts);
  const sink: ObservationSink = {
    report: (report) => {
      metrics.reported(report.verdict);
      fleet.report(report);
    },
  };
  const now = (): StoreTime => fleet.status().now;
  const intakeMetrics: TrafficMetrics = {
    ...metrics,
    events: (batch) => {
      metrics.events(batch);
      if (batch.accepted > 0) bridge.sawEvents();
    },
  };
  const intake = createTrafficIntake({ sink, unprobed, metrics: intakeMetrics, logger, clock: systemClock, now });
  intake.know(config.deployments);
  const reports = createObservationIntake({ sink, unprobed, metrics, logger, clock: systemClock, now });
  reports.know(config.deployments);
  const host = settings.host ?? pod;
  const view = createFleetRoutingView(fleet, systemClock);
  const opened = openShares(
    { fleet, pod, limits: ports.limits, clock: systemClock, random: systemRandom, logger, storeMetrics: metrics },
    () => running,
  );
  const forwarding = openForwarding(config, {
    view,
    shares: { ...opened, shares: input.sharesOf(opened.shares) },
    sink,
    host,
    podName: podNameOf(config),
    logins: ports.logins,
    clock: systemClock,
    random: systemRandom,
    logger,
    redact,
    version,
    metrics: metrics.requests,
  });
  const requests = createRecentRequests({ counts: metrics.requests, running: metrics.running, clock: systemClock });
  metrics.observeLimits(forwarding.limits);
  metrics.observePrices((id, tokens) => forwarding.usdOf(id, tokens));
  const events = createEventFeed({ fleet, clock: systemClock, redact, config: () => running });
  return {
    pod,
    podName: podNameOf(config),
    host,
    redact,
    metrics,
    ports,
    fleet,
    bridge,
    alerts,
    events,
    view,
    sink,
    forwarding,
    requests,
    traffic: createTraffic(input.inFlightElsewhere),
    intake,
    reports,
    unprobed,
    config: () => running,
    reconfigure: (next) => {
      running = next;
      secrets.add(next);
      metrics.know(next);
      ports.setTargets(next.targets);
      bridge.reload(next);
      alerts.reload(next);
      forwarding.reconfigure(next);
      intake.know(next.deployments);
      reports.know(next.deployments);
      unprobed.know(next.unprobed);
      fleet.reload({ ...fleetSettingsOf(next, settingsInput), targets: fleetTargetsOf(next) });
      events.renew();
    },
  };
}

/** The state file, if a directory is configured. */
function stateOf(
  { stateDir }: AllswellConfig,
  { settings, pod, logger }: { settings: FleetSettings; pod: PodId; logger: Logger },
): Pick<FleetPorts, 'state'> {
  if (stateDir === null) return {};
  const { fleet, host } = settings;
  if (host !== undefined) {
    return { state: openStateFile({ dir: stateDir, fleet, host, pod, logger, clock: systemClock }) };
  }
  logger.warn(
    'fleet_health.state_dir is not used: the file name includes the port, and the port changes at each start. To fix: set --port',
  );
  return {};
}
