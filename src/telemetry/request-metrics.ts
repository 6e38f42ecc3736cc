import { Counter, Gauge } from 'prom-client';
import type { Metric, Registry } from 'prom-client';
import type { RunningAttempts } from '../ports/index.ts';
import type { MetricDefinition } from './metric-definition.ts';
import { metricOptions } from './metric-options.ts';
import { BUCKETS, createRequestCounts, endsOf } from './request-counts.ts';
import type { DeploymentCounts, GroupCounts, HistogramCounts, RequestCounts } from './request-counts.ts';
import { requestMetricList } from './request-metric-list.ts';
import { createRequestSpend } from './request-spend.ts';
import type { UsdOfTokens } from './request-spend.ts';

export interface RequestMetricsParts {
  readonly usdOf: UsdOfTokens;
  /** Attempts in flight in other processes of the pod; a deployment may be there several times. */
  readonly runningElsewhere: () => readonly RunningAttempts[];
}

export interface RegisteredRequests {
  readonly counts: RequestCounts;
  /** Attempts in flight in all processes of the pod, each deployment once. */
  readonly running: () => readonly RunningAttempts[];
}

/**
 * Counts requests in plain numbers and hands them to the registry at each scrape: the library hashes the labels of every
 * increment, which takes as long as all other work for a request.
 */
export function createRequestMetrics(registry: Registry, parts: RequestMetricsParts): RegisteredRequests {
  const counts = createRequestCounts();
  const { groups, deployments, refusals } = counts;
  collectCounters(registry, groups, deployments);
  const running = (): RunningAttempts[] => sumOf([...counts.running(), ...parts.runningElsewhere()]);
  registerRunning(registry, deployments, running);
  const spend = createRequestSpend(parts.usdOf);
  counterOf(registry, requestMetricList.requestSpend, (add) => {
    for (const [deployment, { group, totals }] of deployments) {
      const usd = spend.upTo(deployment, totals);
      if (usd !== undefined) add({ deployment, group }, usd);
    }
  });
  counterOf(registry, requestMetricList.requestsRefused, (add) => {
    for (const [reason, count] of refusals) add({ reason }, count);
  });
  registerHistogram(registry, requestMetricList.requestDuration, () =>
    [...groups].map(([group, { durations }]) => ({ labels: { group }, counts: durations })),
  );
  registerHistogram(registry, requestMetricList.requestFirstByte, () =>
    [...groups].map(([group, { firstBytes }]) => ({ labels: { group }, counts: firstBytes })),
  );
  return { counts, running };
}

/** Zero for a deployment without attempts in flight, once it had one. */
function registerRunning(
  registry: Registry,
  deployments: ReadonlyMap<string, DeploymentCounts>,
  running: () => readonly RunningAttempts[],
): void {
  const gauge: Gauge = new Gauge({
    ...metricOptions(registry, requestMetricList.deploymentInFlight),
    collect: () => {
      gauge.reset();
      for (const [deployment, { group }] of deployments) gauge.set({ deployment, group }, 0);
      for (const { deployment, group, count } of running()) gauge.set({ deployment, group }, count);
    },
  });
}

function sumOf(attempts: readonly RunningAttempts[]): RunningAttempts[] {
  const sums = new Map<string, RunningAttempts>();
  for (const one of attempts) {
    sums.set(one.deployment, { ...one, count: one.count + (sums.get(one.deployment)?.count ?? 0) });
  }
  return [...sums.values()];
}

/** The counters of the library take their values when they are read. */
function collectCounters(
  registry: Registry,
  groups: ReadonlyMap<string, GroupCounts>,
  deployments: ReadonlyMap<string, DeploymentCounts>,
): void {
  counterOf(registry, requestMetricList.requests, (add) => {
    for (const [group, counts] of groups) {
      for (const [outcome, status, count] of endsOf(counts)) add({ group, status: String(status), outcome }, count);
    }
  });
  counterOf(registry, requestMetricList.requestFailovers, (add) => {
    for (const [group, { failovers }] of groups) add({ group }, failovers);
  });
  counterOf(registry, requestMetricList.routingPanics, (add) => {
    for (const [group, { panics }] of groups) add({ group }, panics);
  });
  counterOf(registry, requestMetricList.requestsUnplaced, (add) => {
    for (const [group, { byUnplaced }] of groups) {
      for (const [reason, count] of byUnplaced) add({ group, reason }, count);
    }
  });
  counterOf(registry, requestMetricList.requestRetriesRefused, (add) => {
    for (const [group, { retriesRefused }] of groups) add({ group }, retriesRefused);
  });
  counterOf(registry, requestMetricList.requestAttempts, (add) => {
    for (const [deployment, { group, byResult }] of deployments) {
      for (const [result, count] of byResult) add({ deployment, group, result }, count);
    }
  });
  counterOf(registry, requestMetricList.requestTokens, (add) => {
    for (const [deployment, { group, totals }] of deployments) {
      add({ deployment, group, kind: 'input' }, totals.input);
      add({ deployment, group, kind: 'output' }, totals.output);
    }
  });
}

type Add = (labels: Readonly<Record<string, string>>, count: number) => void;

function counterOf(registry: Registry, definition: MetricDefinition, collect: (add: Add) => void): void {
  const counter: Counter = new Counter({
    ...metricOptions(registry, definition),
    collect: () => {
      counter.reset();
      collect((labels, count) => counter.inc(labels, count));
    },
  });
}

interface LabelledHistogram {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: HistogramCounts;
}

/** The library's histograms cannot be set, so the registry gets what it would get of one of them. */
function registerHistogram(
  registry: Registry,
  { name, help, type }: MetricDefinition,
  read: () => readonly LabelledHistogram[],
): void {
  const get = async (): Promise<unknown> => ({
    name,
    help,
    type,
    aggregator: 'sum',
    values: read().flatMap((one) => samplesOf(name, one)),
  });
  registry.registerMetric({ name, help, type, get, reset: () => undefined } as unknown as Metric);
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName: string;
}

function samplesOf(name: string, { labels, counts: { counts, sum } }: LabelledHistogram): readonly Sample[] {
  let below = 0;
  const buckets = [...BUCKETS, '+Inf'].map((le, at) => {
    below += counts[at] ?? 0;
    return { labels: { le, ...labels }, value: below, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: below, metricName: `${name}_count` },
  ];
}
