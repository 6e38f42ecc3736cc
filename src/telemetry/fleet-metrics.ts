import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TargetId } from '../health/index.ts';
import type { BridgeReader, FleetMetrics, FleetReader } from '../ports/index.ts';
import { setFleetGauges } from './fleet-gauges.ts';
import { setMoneyGauges } from './money-gauges.ts';
import type { MoneyGauges } from './money-gauges.ts';
import type { MetricDefinition } from './metric-list.ts';
import { metricList } from './metric-list.ts';

/** What a pod with a bridge to LiteLLM exports; nothing where there is none. */
interface BridgeMetrics {
  readonly publications: Counter;
  readonly age: Gauge;
  readonly displaced: Counter;
  readonly litellmPods: Gauge;
  readonly probesAvoided: Counter;
  readonly usdAvoided: Counter;
}

/** What a metric may say of a target: its id, which is a keyed hash, and its short name. */
export interface MeasuredTarget {
  readonly id: TargetId;
  readonly name: string;
}

/** The metrics of a pod: the port that the coordinator counts into, and what Prometheus reads. */
export interface PodMetrics extends FleetMetrics {
  /** Names these targets from now on, and no others. */
  know(targets: readonly MeasuredTarget[]): void;
  /** Adds the list price of a probe. */
  spent(target: TargetId, usd: number): void;
  /** Gauges are computed from this view at every scrape, so that none can keep a state that passed without an event. */
  observe(fleet: FleetReader): void;
  /** The same of the pod's bridge to LiteLLM. */
  observeBridge(reader: BridgeReader): void;
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
  const moneyGauges = createMoneyGauges(registry);
  const bridgeMetrics = createBridgeMetrics(registry);
  let observed: FleetReader | undefined;
  let bridge: BridgeReader | undefined;
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
    spent: (target, usd) => counters.probeCost.inc({ target, model: names.get(target) ?? '' }, usd),
    know: (next) => void (names = namesOf(next)),
    observe: (fleet) => void (observed = fleet),
    observeBridge: (reader) => void (bridge = reader),
    scrape: async () => {
      if (observed !== undefined) {
        setFleetGauges(gauges, observed, names);
        setMoneyGauges(moneyGauges, observed, names);
        if (bridge !== undefined) setBridgeMetrics(bridgeMetrics, bridge, observed.status().now);
      }
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
    probes: new Counter(options(registry, metricList.probes)),
    probeDuration: new Histogram(options(registry, metricList.probeDuration)),
    probeCost: new Counter(options(registry, metricList.probeCost)),
    propagation: new Histogram(options(registry, metricList.propagation)),
    storeCommand: new Histogram(options(registry, metricList.storeCommand)),
    storeErrors: new Counter(options(registry, metricList.storeErrors)),
    staleCommits: new Counter(options(registry, metricList.staleCommits)),
    resyncs: new Counter(options(registry, metricList.resyncs)),
    leasesLost: new Counter(options(registry, metricList.leasesLost)),
  };
}

function createGauges(registry: Registry): Parameters<typeof setFleetGauges>[0] {
  return {
    targetState: new Gauge(options(registry, metricList.targetState)),
    targetStale: new Gauge(options(registry, metricList.targetStale)),
    targetHold: new Gauge(options(registry, metricList.targetHold)),
    targetFlag: new Gauge(options(registry, metricList.targetFlag)),
    probingPaused: new Gauge(options(registry, metricList.probingPaused)),
    targetLocalOnly: new Gauge(options(registry, metricList.targetLocalOnly)),
    targetAdapted: new Gauge(options(registry, metricList.targetAdapted)),
    evidenceAge: new Gauge(options(registry, metricList.evidenceAge)),
    storeMode: new Gauge(options(registry, metricList.storeMode)),
    pods: new Gauge(options(registry, metricList.pods)),
    impaired: new Gauge(options(registry, metricList.impaired)),
  };
}

function createMoneyGauges(registry: Registry): MoneyGauges {
  return {
    budgetProbes: new Gauge(options(registry, metricList.budgetProbes)),
    budgetUsd: new Gauge(options(registry, metricList.budgetUsd)),
    budgetUsedProbes: new Gauge(options(registry, metricList.budgetUsedProbes)),
    budgetUsedUsd: new Gauge(options(registry, metricList.budgetUsedUsd)),
    spentToday: new Gauge(options(registry, metricList.spentToday)),
    savedToday: new Gauge(options(registry, metricList.savedToday)),
    unpricedToday: new Gauge(options(registry, metricList.unpricedToday)),
    targetShallow: new Gauge(options(registry, metricList.targetShallow)),
  };
}

function createBridgeMetrics(registry: Registry): BridgeMetrics {
  return {
    publications: new Counter(options(registry, metricList.bridgePublications)),
    age: new Gauge(options(registry, metricList.bridgeAge)),
    displaced: new Counter(options(registry, metricList.bridgeDisplaced)),
    litellmPods: new Gauge(options(registry, metricList.bridgeLitellmPods)),
    probesAvoided: new Counter(options(registry, metricList.bridgeProbesAvoided)),
    usdAvoided: new Counter(options(registry, metricList.bridgeUsdAvoided)),
  };
}

function options(registry: Registry, { name, help, labels, buckets }: MetricDefinition): MetricOptions {
  return { name, help, labelNames: [...labels], registers: [registry], ...(buckets && { buckets: [...buckets] }) };
}

interface MetricOptions {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
  buckets?: number[];
}

/** Sets every metric to what the bridge has counted. */
function setBridgeMetrics(metrics: BridgeMetrics, reader: BridgeReader, now: number): void {
  for (const metric of Object.values(metrics) as (Counter | Gauge)[]) metric.reset();
  // A gauge without labels goes back to 0, and that would be a publication of this moment.
  metrics.age.remove();
  const view = reader.bridge();
  if (view.state === 'off') return;
  metrics.publications.inc(view.publications);
  const publishedAt = view.state === 'publishing' ? view.publishedAt : null;
  if (publishedAt !== null) metrics.age.set(Math.max(0, now - publishedAt) / 1_000_000);
  for (const [by, times] of Object.entries(view.displaced)) metrics.displaced.inc({ by }, times);
  metrics.litellmPods.set(view.litellmPods.length);
  metrics.probesAvoided.inc(view.probesAvoided);
  metrics.usdAvoided.inc(view.usdAvoided);
}
