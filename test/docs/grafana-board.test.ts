import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricList } from '../../src/telemetry/index.ts';
import { metricNamesIn, unknownMetrics } from '../support/metric-names.ts';

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

const board = JSON.parse(readFileSync('deploy/grafana/allswell.json', 'utf8')) as {
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
};
const panels = board.panels.filter(({ type }) => type !== 'row');
const labelsOf = new Map(Object.values(metricList).map(({ name, labels }) => [name, labels]));

describe('the dashboard for Grafana', () => {
  it('has a panel for groups, states, failures, propagation, the store, money and requests', () => {
    const used = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricNamesIn(expr))));
    for (const name of [
      'allswell_group_routable_deployments',
      'allswell_target_state',
      'allswell_target_consecutive_failures',
      'allswell_propagation_seconds_bucket',
      'allswell_store_mode',
      'allswell_fleet_spent_today_usd',
      'allswell_requests_total',
      'allswell_request_failovers_total',
      'allswell_request_first_byte_seconds_bucket',
    ]) {
      expect(used).toContain(name);
    }
  });

  it('has ids of their own for panels, and no two of them in one place', () => {
    const ids = board.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('asks for values of labels that its variables and metrics have', () => {
    const text = JSON.stringify(board.templating);
    expect(unknownMetrics(text)).toEqual([]);
    const variables = board.templating.list.map(({ name }) => name);
    const asked = [...JSON.stringify(board.panels).matchAll(/\$\{?([a-z]+)\}?/g)].map(([, name]) => name);
    expect(new Set(asked)).toEqual(new Set(variables));
  });
});

describe.each(panels)('the panel $title', ({ description, targets = [] }) => {
  it('says what it shows, and its queries use metrics that exist', () => {
    expect(description).toMatch(/\.$/);
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of targets) {
      expect(metricNamesIn(expr).length).toBeGreaterThan(0);
      expect(unknownMetrics(expr)).toEqual([]);
    }
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  it('names series by labels that one of its metrics has', () => {
    for (const { expr, legendFormat } of targets) {
      const known = metricNamesIn(expr).flatMap((name) => labelsOf.get(name.replace(/_bucket$/, '')) ?? []);
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      const grouped = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list = '']) => list.split(', '));
      const selected = [...expr.matchAll(/[{,](\w+)(?:=~|!~|=|!=)"/g)].map(([, label = '']) => label);
      expect(
        [...named, ...grouped.filter((label) => label !== 'le'), ...selected].filter((label) => !known.includes(label)),
      ).toEqual([]);
    }
  });
});
