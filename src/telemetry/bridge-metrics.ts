import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { BridgeReader, BridgeView, CooldownMode, CooldownReason, CooldownView } from '../ports/index.ts';
import { metricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** What a pod with a bridge to LiteLLM exports; nothing where there is none. */
export interface BridgeMetrics {
  /** Sets every metric to what the bridge has counted. */
  set(reader: BridgeReader, now: number): void;
}

const modes: readonly CooldownMode[] = ['on', 'observe', 'off'];
const reasons: readonly CooldownReason[] = ['down', 'rate-limited', 'drained'];

export function createBridgeMetrics(registry: Registry): BridgeMetrics {
  const results = createResultMetrics(registry);
  const cooldowns = createCooldownMetrics(registry);
  return {
    set: (reader, now) => {
      for (const metric of Object.values({ ...results, ...cooldowns })) metric.reset();
      // A gauge without labels goes back to 0, and that would be a publication of this moment.
      results.age.remove();
      const view = reader.bridge();
      if (view.state === 'off') return;
      setResults(results, view, now);
      setCooldowns(cooldowns, reader.cooldowns());
    },
  };
}

interface ResultMetrics {
  readonly publications: Counter;
  readonly age: Gauge;
  readonly displaced: Counter;
  readonly litellmPods: Gauge;
  readonly probesAvoided: Counter;
  readonly usdAvoided: Counter;
}

function createResultMetrics(registry: Registry): ResultMetrics {
  return {
    publications: new Counter(metricOptions(registry, metricList.bridgePublications)),
    age: new Gauge(metricOptions(registry, metricList.bridgeAge)),
    displaced: new Counter(metricOptions(registry, metricList.bridgeDisplaced)),
    litellmPods: new Gauge(metricOptions(registry, metricList.bridgeLitellmPods)),
    probesAvoided: new Counter(metricOptions(registry, metricList.bridgeProbesAvoided)),
    usdAvoided: new Counter(metricOptions(registry, metricList.bridgeUsdAvoided)),
  };
}

function setResults(metrics: ResultMetrics, view: BridgeView, now: number): void {
  metrics.publications.inc(view.publications);
  const publishedAt = view.state === 'publishing' ? view.publishedAt : null;
  if (publishedAt !== null) metrics.age.set(Math.max(0, now - publishedAt) / 1_000_000);
  for (const [by, times] of Object.entries(view.displaced)) metrics.displaced.inc({ by }, times);
  metrics.litellmPods.set(view.litellmPods.length);
  metrics.probesAvoided.inc(view.probesAvoided);
  metrics.usdAvoided.inc(view.usdAvoided);
}

interface CooldownMetrics {
  readonly mode: Gauge;
  readonly held: Gauge;
  readonly written: Counter;
  readonly refused: Counter;
  readonly errors: Counter;
  readonly litellm: Counter;
}

function createCooldownMetrics(registry: Registry): CooldownMetrics {
  return {
    mode: new Gauge(metricOptions(registry, metricList.cooldownMode)),
    held: new Gauge(metricOptions(registry, metricList.cooldownsHeld)),
    written: new Counter(metricOptions(registry, metricList.cooldownsWritten)),
    refused: new Counter(metricOptions(registry, metricList.cooldownsRefused)),
    errors: new Counter(metricOptions(registry, metricList.cooldownErrors)),
    litellm: new Counter(metricOptions(registry, metricList.litellmCooldowns)),
  };
}

function setCooldowns(
  metrics: CooldownMetrics,
  { mode, leads, loss, cooled, leftRoutable, counts }: CooldownView,
): void {
  for (const one of modes) metrics.mode.set({ mode: one }, one === mode ? 1 : 0);
  for (const reason of reasons) {
    metrics.written.inc({ reason }, counts.written[reason]);
    metrics.refused.inc({ reason }, counts.refused[reason]);
  }
  for (const [code, times] of Object.entries(counts.failures)) metrics.errors.inc({ code }, times);
  metrics.litellm.inc(counts.noticed);
  // Another pod has the lease, or nothing is known: a 0 would say that nothing is held.
  if (!leads || loss !== null || mode === 'off') return;
  for (const reason of reasons) {
    const planned = cooled.filter((one) => one.reason === reason);
    const held = planned.filter(({ by }) => by !== null).length;
    metrics.held.set({ state: 'held', reason }, held);
    metrics.held.set({ state: 'observed', reason }, planned.length - held);
    metrics.held.set({ state: 'last', reason }, leftRoutable.filter((one) => one.reason === reason).length);
  }
}
