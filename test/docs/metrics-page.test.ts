import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricsPage } from '../../scripts/metrics-page.ts';
import { RENAMED_METRICS } from '../../scripts/renamed-metrics.ts';
import { metricList } from '../../src/telemetry/index.ts';

it('docs/reference/metrics.md describes exactly the metrics that are exported', () => {
  expect(readFileSync('docs/reference/metrics.md', 'utf8')).toBe(metricsPage());
});

it('every renamed metric leads to metrics that are exported', () => {
  const names = new Set(Object.values(metricList).map(({ name }) => name));
  expect(RENAMED_METRICS.flatMap(({ now }) => now).filter((name) => !names.has(name))).toEqual([]);
  for (const { before, now } of RENAMED_METRICS) expect(now, before).not.toHaveLength(0);
});
