import { setImmediate } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PodId } from '../health/index.ts';
import type {
  AlertMetrics,
  AlertsReader,
  BridgeReader,
  Exposition,
  FleetMetrics,
  FleetReader,
  GroupBudget,
  LimitsReader,
  RunningAttempts,
  WorkersReader,
} from '../ports/index.ts';
import { createAlertMetrics } from './alert-metrics.ts';
import { createBridgeMetrics } from './bridge-metrics.ts';
import { createFleetGauges, seesFleet } from './fleet-gauges.ts';
import { createLimitMetrics } from './limit-metrics.ts';
import { measuredNamesOf } from './measured-config.ts';
import type { MeasuredConfig } from './measured-config.ts';
import { createMoneyGauges } from './money-gauges.ts';
import { createPodGauges } from './pod-gauges.ts';
import type { RequestCounts } from './request-counts.ts';
import { createRequestMetrics } from './request-metrics.ts';
import type { UsdOfTokens } from './request-spend.ts';
import { createSloGauges } from './slo-gauges.ts';
import { createWorkerMetrics } from './worker-metrics.ts';
import { createTransitionCounter } from './transition-counter.ts';
import { createTrafficCounters } from './traffic-counters.ts';
import type { TrafficCounters } from './traffic-counters.ts';
import { metricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** The metrics of a pod: the port that the coordinator counts into, and what Prometheus reads. */
export interface PodMetrics extends FleetMetrics, TrafficCounters, AlertMetrics {
  /** Says once which pod this is. */
  identify(pod: { readonly pod: PodId; readonly podName: string; readonly version: string }): void;
  /** Names and counts what this configuration has from now on, and nothing else. */
  know(config: MeasuredConfig): void;
  /** Adds the list price of a probe, US dollars. */
  spent(usd: number): void;
  /** Gauges are computed from this view at every scrape, so that none can keep a state that passed without an event. */
  observe(fleet: FleetReader): void;
  /** The same of the pod's bridge to LiteLLM. */
  observeBridge(reader: BridgeReader): void;
  /** The same of the fleet's alerts. */
  observeAlerts(reader: AlertsReader): void;
  /** The same of the pod's worker processes. */
  observeWorkers(reader: WorkersReader): void;
  /** The same of the limits of deployments. */
  observeLimits(reader: LimitsReader): void;
  /** Cost of tokens by deployment, asked at each scrape; undefined where the price is unknown. */
  observePrices(usdOf: UsdOfTokens): void;
  /** Attempts in flight in all processes of the pod, by deployment. */
  readonly running: () => readonly RunningAttempts[];
  /** Counts users' requests. */
  readonly requests: RequestCounts;
  /** What is this pod's own. */
  scrape(): Promise<Exposition>;
  /** What is the same in every pod, with the error budgets of model groups. Default: none. */
  scrapeFleet(budgets?: readonly GroupBudget[]): Promise<Exposition>;
}

/** Looking at the event loop every 10 ms, the library's default, takes 0.5 % of a processor: most of an idle pod. */
const LAG_SAMPLE_MS = 20;

/** Gauges whose names are those of counters: sums over the labels of the gauges without this ending. */
const TOTALS = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Creates the metrics of a pod. */
export function createMetrics(config: MeasuredConfig): PodMetrics {
  const registry = new Registry();
  // The standard process metrics keep their standard names: dashboards know them.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_SAMPLE_MS });
  for (const name of TOTALS) registry.removeSingleMetric(name);
  let known = config;
  let names = measuredNamesOf(config);
  const counters = createCounters(registry);
  const gauges = createPodGauges(registry);
  const transitions = createTransitionCounter(registry, () => names);
  const buildInfo = new Gauge(metricOptions(registry, metricList.buildInfo));
  const bridgeMetrics = createBridgeMetrics(registry);
  const trafficCounters = createTrafficCounters(registry);
  let observed: FleetReader | undefined;
  let bridge: BridgeReader | undefined;
  let workers: WorkersReader | undefined;
  let usdOfTokens: UsdOfTokens = () => undefined;
  const requests = createRequestMetrics(registry, {
    usdOf: (id, tokens) => usdOfTokens(id, tokens),
    runningElsewhere: () => workers?.workers().attempts ?? [],
  });
  const workerMetrics = createWorkerMetrics(registry);
  let limits: LimitsReader | undefined;
  let alerts: AlertsReader | undefined;
  const alertMetrics = createAlertMetrics(registry, () => alerts);
  const fleetRegistry = new Registry();
  const fleetGauges = createFleetGauges(fleetRegistry);
  const sloGauges = createSloGauges(fleetRegistry);
  const moneyGauges = createMoneyGauges(fleetRegistry);
  createLimitMetrics({ pod: registry, fleet: fleetRegistry }, () => limits);
  return {
    ...trafficCounters,
    ...alertMetrics,
    ...portOf(counters),
    requests: requests.counts,
    running: requests.running,
    identify: ({ pod, podName, version }) => {
      buildInfo.set({ pod, pod_name: podName, version, node: process.version }, 1);
    },
    know: (next) => {
      known = next;
      names = measuredNamesOf(next);
    },
    observe: (fleet) => {
      observed = fleet;
      transitions.observe(fleet);
    },
    observeBridge: (reader) => void (bridge = reader),
    observeAlerts: (reader) => void (alerts = reader),
    observeWorkers: (reader) => void (workers = reader),
    observeLimits: (reader) => void (limits = reader),
    observePrices: (usdOf) => void (usdOfTokens = usdOf),
    scrape: async () => {
      if (observed !== undefined) {
        gauges.set(observed, names, known);
        trafficCounters.setSavings(observed.trafficSavings());
        if (bridge !== undefined) bridgeMetrics.set(bridge, observed.status().now);
      }
      if (workers !== undefined) workerMetrics.set(workers);
      return await expositionOf(registry);
    },
    scrapeFleet: async (budgets = []) => {
      sloGauges.set(known, observed === undefined || seesFleet(observed) ? budgets : []);
      if (observed !== undefined) {
        fleetGauges.set(observed, names, known);
        moneyGauges.set(observed, names);
      }
      return await expositionOf(fleetRegistry);
    },
  };
}

/** One metric after the other, so that a page of a thousand targets never blocks the event loop for long. */
async function expositionOf(registry: Registry): Promise<Exposition> {
  const texts: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    // oxlint-disable-next-line no-await-in-loop -- other work runs in between
    texts.push(await registry.getSingleMetricAsString(name));
    // oxlint-disable-next-line no-await-in-loop -- other work runs in between
    await setImmediate();
  }
  return { text: `${texts.join('\n\n')}\n`, contentType: registry.contentType };
}

/** Everything that only counts upwards. */
interface Counters {
  readonly probes: Counter;
  readonly probeDuration: Histogram;
  readonly probeCost: Counter;
  readonly propagation: Histogram;
  readonly storeCommand: Histogram;
  readonly storeErrors: Counter;
  readonly staleCommits: Counter;
  readonly resyncs: Counter;
  readonly leasesLost: Counter;
}

function createCounters(registry: Registry): Counters {
  return {
    probes: new Counter(metricOptions(registry, metricList.probes)),
    probeDuration: new Histogram(metricOptions(registry, metricList.probeDuration)),
    probeCost: new Counter(metricOptions(registry, metricList.probeCost)),
    propagation: new Histogram(metricOptions(registry, metricList.propagation)),
    storeCommand: new Histogram(metricOptions(registry, metricList.storeCommand)),
    storeErrors: new Counter(metricOptions(registry, metricList.storeErrors)),
    staleCommits: new Counter(metricOptions(registry, metricList.staleCommits)),
    resyncs: new Counter(metricOptions(registry, metricList.resyncs)),
    leasesLost: new Counter(metricOptions(registry, metricList.leasesLost)),
  };
}

/** The port that the coordinator counts into. */
function portOf(counters: Counters): FleetMetrics & Pick<PodMetrics, 'spent'> {
  return {
    probed: ({ reason, class: found, level, durationMs }) => {
      counters.probes.inc({ reason, class: found, level });
      counters.probeDuration.observe({ level }, durationMs / 1000);
    },
    storeCommand: (command, durationMs) => counters.storeCommand.observe({ command }, durationMs / 1000),
    storeError: (command, code) => counters.storeErrors.inc({ command, code }),
    propagated: (durationMs) => counters.propagation.observe(durationMs / 1000),
    staleCommit: () => counters.staleCommits.inc(),
    resynced: (why) => counters.resyncs.inc({ why }),
    leaseLost: () => counters.leasesLost.inc(),
    spent: (usd) => counters.probeCost.inc(usd),
  };
}
