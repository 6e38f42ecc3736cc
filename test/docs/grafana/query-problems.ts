import { metricList } from '../../../src/telemetry/index.ts';
import { metricNamesIn, unknownMetrics } from '../../support/metric-names.ts';

const labelsOf = new Map(Object.values(metricList).map(({ name, labels }) => [name, labels]));

/** Labels that Prometheus adds to each series. */
const OF_SCRAPE = ['job', 'instance'];

/** What is wrong with the names in a query, and in the name of its series. */
export function queryProblems(expr: string, legend: string): readonly string[] {
  const metrics = metricNamesIn(expr);
  const known = new Set([...OF_SCRAPE, ...metrics.flatMap(labelsOfMetric)]);
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].map(([, list = '']) => list.split(', '));
  const matched = [...expr.matchAll(/\b(?:on|ignoring|without) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  const left = grouped.length === 0 ? known : new Set(grouped.flat());
  return [
    ...(metrics.length === 0 ? ['names no metric'] : []),
    ...unknownMetrics(expr).map((name) => `unknown metric ${name}`),
    ...selectorProblems(expr),
    ...[...grouped.flat(), ...matched].filter((label) => !known.has(label)).map((label) => `unknown label ${label}`),
    ...named.filter((label) => !left.has(label)).map((label) => `the series have no label ${label}`),
  ];
}

/** Each selector by the labels of its own metric: another one in the query may have a label of that name. */
function selectorProblems(expr: string): readonly string[] {
  return [...expr.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, metric = '', matchers = '']) =>
    [...matchers.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)]
      .map(([, label = '']) => label)
      .filter((label) => ![...OF_SCRAPE, ...labelsOfMetric(metric)].includes(label))
      .map((label) => `unknown label ${label} of ${metric}`),
  );
}

function labelsOfMetric(name: string): readonly string[] {
  const labels = labelsOf.get(name) ?? labelsOf.get(name.replace(/_(?:bucket|sum|count)$/, '')) ?? [];
  return name.endsWith('_bucket') ? [...labels, 'le'] : labels;
}
