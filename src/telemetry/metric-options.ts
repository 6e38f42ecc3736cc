import type { Registry } from 'prom-client';
import type { MetricDefinition } from './metric-list.ts';

/** A definition as the library takes it. */
export function metricOptions(registry: Registry, { name, help, labels, buckets }: MetricDefinition): MetricOptions {
  return { name, help, labelNames: [...labels], registers: [registry], ...(buckets && { buckets: [...buckets] }) };
}

interface MetricOptions {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
  buckets?: number[];
}
