import { metricList } from '../../src/telemetry/index.ts';

/** Metrics of the client library that alerts and panels use. */
const OF_NODE = [
  'nodejs_eventloop_lag_p99_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
];

/** Names of metrics in a query or a text. */
export function metricNamesIn(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:allswell|nodejs|process)_\w*[a-z]\b/g)].map(([name]) => name);
}

/** Those of them that no pod exports. */
export function unknownMetrics(text: string): readonly string[] {
  const known = new Set([
    ...OF_NODE,
    ...Object.values(metricList).flatMap(({ name, type }) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
    ),
  ]);
  return metricNamesIn(text).filter((name) => !known.has(name));
}
