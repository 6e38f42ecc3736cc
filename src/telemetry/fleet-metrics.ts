import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { PodId, TargetId } from '../health/index.ts';
import type {
  AlertMetrics,
  AlertsReader,
  BridgeReader,
  FleetMetrics,
  FleetReader,
  LimitsReader,
  WorkersReader,
} from '../ports/index.ts';
import { createAlertMetrics } from './alert-metrics.ts';
import { createBridgeMetrics } from './bridge-metrics.ts';
import { setFleetGauges } from './fleet-gauges.ts';
import { createLimitMetrics } from './limit-metrics.ts';
import { setMoneyGauges } from './money-gauges.ts';
import type { MoneyGauges } from './money-gauges.ts';
import type { RequestCounts } from './request-counts.ts';
import { createRequestMetrics } from './request-metrics.ts';
import type { UsdOfTokens } from './request-spend.ts';
import { createWorkerMetrics } from './worker-metrics.ts';
import { createTrafficCounters } from './traffic-counters.ts';
import type { TrafficCounters } from './traffic-counters.ts';
import { metricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** What a metric may say of a target: its id, which is a keyed hash, and its short name. */
export interface MeasuredTarget {
  readonly id: TargetId;
  readonly name: string;
}

/** The metrics of a pod: the port that the coordinator counts into, and what Prometheus reads. */
export interface PodMetrics extends FleetMetrics, TrafficCounters, AlertMetrics {
  /** Says once which pod this is. */
  identify(pod: { readonly pod: PodId; readonly podName: string; readonly version: string }): void;
  /** Names these targets from now on, and no others. */
  know(targets: readonly MeasuredTarget[]): void;
  /** Adds the list price of a probe. */
  spent(target: TargetId, usd: number): void;
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
  /** Counts users' requests. */
  readonly requests: RequestCounts;
  /** The exposition text and its media type. */
  scrape(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Looking at the event loop every 10 ms, the library's default, takes 0.5 % of a processor: most of an idle pod. */
const LAG_SAMPLE_MS = 20;

export function createMetrics(targets: readonly MeasuredTarget[]): PodMetrics {
  const registry = new Registry();
  // The standard process metrics keep their standard names: dashboards know them.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_SAMPLE_MS });
  let names = namesOf(targets);
  const counters = createCounters(registry);
  const gauges = createGauges(registry);
  const buildInfo = new Gauge(metricOptions(registry, metricList.buildInfo));
  const moneyGauges = createMoneyGauges(registry);
  const bridgeMetrics = createBridgeMetrics(registry);
  const trafficCounters = createTrafficCounters(registry);
  let observed: FleetReader | undefined;
  let bridge: BridgeReader | undefined;
  let usdOfTokens: UsdOfTokens = () => undefined;
  const requests = createRequestMetrics(registry, (id, tokens) => usdOfTokens(id, tokens));
  const workerMetrics = createWorkerMetrics(registry);
  let workers: WorkersReader | undefined;
  let limits: LimitsReader | undefined;
  let alerts: AlertsReader | undefined;
  const alertMetrics = createAlertMetrics(registry, () => alerts);
  createLimitMetrics(registry, () => limits);
  return {
    ...trafficCounters,
    ...alertMetrics,
    requests,
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
    spent: (target, usd) => counters.probeCost.inc({ target, model: names.get(target) ?? '' }, usd),
    identify: ({ pod, podName, version }) => {
      buildInfo.set({ pod, pod_name: podName, version, node: process.version }, 1);
    },
    know: (next) => void (names = namesOf(next)),
    observe: (fleet) => void (observed = fleet),
    observeBridge: (reader) => void (bridge = reader),
    observeAlerts: (reader) => void (alerts = reader),
    observeWorkers: (reader) => void (workers = reader),
    observeLimits: (reader) => void (limits = reader),
    observePrices: (usdOf) => void (usdOfTokens = usdOf),
    scrape: async () => {
      if (observed !== undefined) {
        setFleetGauges(gauges, observed, names);
        setMoneyGauges(moneyGauges, observed, names);
        trafficCounters.setSavings(observed.trafficSavings());
        if (bridge !== undefined) bridgeMetrics.set(bridge, observed.status().now);
      }
      if (workers !== undefined) workerMetrics.set(workers);
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}

function namesOf(targets: readonly MeasuredTarget[]): ReadonlyMap<TargetId, string> {
  return new Map(targets.map(({ id, name }) => [id, name]));
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

function createGauges(registry: Registry): Parameters<typeof setFleetGauges>[0] {
  return {
    targetState: new Gauge(metricOptions(registry, metricList.targetState)),
    targetStale: new Gauge(metricOptions(registry, metricList.targetStale)),
    targetHold: new Gauge(metricOptions(registry, metricList.targetHold)),
    targetFlag: new Gauge(metricOptions(registry, metricList.targetFlag)),
    probingPaused: new Gauge(metricOptions(registry, metricList.probingPaused)),
    targetLocalOnly: new Gauge(metricOptions(registry, metricList.targetLocalOnly)),
    targetAdapted: new Gauge(metricOptions(registry, metricList.targetAdapted)),
    evidenceAge: new Gauge(metricOptions(registry, metricList.evidenceAge)),
    storeMode: new Gauge(metricOptions(registry, metricList.storeMode)),
    pods: new Gauge(metricOptions(registry, metricList.pods)),
    impaired: new Gauge(metricOptions(registry, metricList.impaired)),
  };
}

function createMoneyGauges(registry: Registry): MoneyGauges {
  return {
    budgetProbes: new Gauge(metricOptions(registry, metricList.budgetProbes)),
    budgetUsd: new Gauge(metricOptions(registry, metricList.budgetUsd)),
    budgetUsedProbes: new Gauge(metricOptions(registry, metricList.budgetUsedProbes)),
    budgetUsedUsd: new Gauge(metricOptions(registry, metricList.budgetUsedUsd)),
    spentToday: new Gauge(metricOptions(registry, metricList.spentToday)),
    savedToday: new Gauge(metricOptions(registry, metricList.savedToday)),
    unpricedToday: new Gauge(metricOptions(registry, metricList.unpricedToday)),
    targetShallow: new Gauge(metricOptions(registry, metricList.targetShallow)),
  };
}
