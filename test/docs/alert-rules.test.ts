import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricNamesIn, unknownMetrics } from '../support/metric-names.ts';
import { readPage } from './markdown.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity?: string };
  readonly annotations: Readonly<Partial<Record<'summary' | 'description' | 'runbook_url', string>>>;
}

const read = (path: string): string => readFileSync(path, 'utf8');
const { groups } = parse(read('deploy/prometheus/rules.yaml')) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const runbooks = readPage('docs/how-to/runbooks.md');
const headings = [...runbooks.text.matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);

it('there are alerts, each with a name of its own', () => {
  const names = rules.map(({ alert }) => alert);
  expect(names.length).toBeGreaterThan(10);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(rules)('the alert $alert', ({ alert, expr, for: wait, labels, annotations }) => {
  it('has a severity, waits, and says what happened and what to do', () => {
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(wait).toMatch(/^\d+[mh]$/);
    expect(annotations.summary).toMatch(/\S/);
    expect(annotations.description?.split('. ').length).toBeGreaterThanOrEqual(2);
  });

  it('leads to a runbook with its name, its meaning, a first command and what to do', () => {
    expect(annotations.runbook_url).toBe(`docs/how-to/runbooks.md#${alert.toLowerCase()}`);
    expect(headings).toContain(alert);
    const [, section = ''] = runbooks.text.split(`\n## ${alert}\n`);
    const [text = ''] = section.split('\n## ');
    expect(text).toMatch(/\*\*Means\*\*: .*\n\n\*\*First\*\*: `[^]*\n\n\*\*Do\*\*: /);
  });

  it('uses metrics that exist', () => {
    expect(metricNamesIn(expr).length).toBeGreaterThan(0);
    expect(unknownMetrics(expr)).toEqual([]);
  });

  it('is tested: with and without it', () => {
    const { tests } = parse(read('deploy/prometheus/rules.test.yaml')) as {
      tests: readonly { alert_rule_test: readonly { alertname: string; exp_alerts: readonly unknown[] }[] }[];
    };
    const cases = tests.flatMap((one) => one.alert_rule_test).filter(({ alertname }) => alertname === alert);
    expect(new Set(cases.map(({ exp_alerts: expected }) => expected.length > 0))).toEqual(new Set([true, false]));
  });
});

it('every runbook is of an alert', () => {
  expect(headings).toEqual(expect.arrayContaining(rules.map(({ alert }) => alert)));
  expect(headings).toHaveLength(rules.length);
});

it('the queries of the how-to use metrics that exist', () => {
  const { text } = readPage('docs/how-to/monitor-with-prometheus.md');
  expect(metricNamesIn(text).length).toBeGreaterThan(5);
  expect(unknownMetrics(text)).toEqual([]);
});
