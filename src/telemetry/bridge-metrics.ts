import type { Counter, Gauge } from 'prom-client';
import type { BridgeReader } from '../ports/index.ts';

/** What a pod with a bridge to LiteLLM exports; nothing where there is none. */
export interface BridgeMetrics {
  readonly publications: Counter;
  readonly age: Gauge;
  readonly displaced: Counter;
  readonly litellmPods: Gauge;
  readonly probesAvoided: Counter;
  readonly usdAvoided: Counter;
}

/** Sets every metric to what the bridge has counted. */
export function setBridgeMetrics(metrics: BridgeMetrics, reader: BridgeReader, now: number): void {
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
