import type { Row } from '../panel.ts';
import { states } from './mappings.ts';

/** States of targets, what fails, and what operators hold. */
export const targets: Row = {
  title: 'Targets',
  panels: [
    {
      title: 'Targets by state',
      description: 'By the evidence of all pods. Holds change nothing here.',
      type: 'timeseries',
      stacked: true,
      width: 12,
      queries: [{ expr: 'sum by (state) (allswell_fleet_targets)', legend: '{{state}}' }],
    },
    {
      title: 'Targets that are not up',
      description: 'State over time of targets that are degraded, suspect or down.',
      type: 'state-timeline',
      width: 12,
      mappings: [states],
      queries: [{ expr: 'allswell_target_state{model=~"$model"} > 1', legend: '{{model}}' }],
    },
    {
      title: 'Failing now',
      description: 'Failures in a row by the class of the newest.',
      type: 'table',
      width: 12,
      queries: [
        {
          expr: 'sum by (model, target, class) (allswell_target_consecutive_failures{model=~"$model"})',
          legend: 'failures',
        },
      ],
    },
    {
      title: 'Holds, oldest first',
      description: 'Targets that an operator holds, and for how long.',
      type: 'table',
      unit: 's',
      width: 6,
      queries: [
        {
          expr: 'sort_desc(time() - max by (model, target, kind) (allswell_target_hold_start_timestamp_seconds{model=~"$model"}))',
          legend: 'held for',
        },
      ],
    },
    {
      title: 'Flags',
      description: 'Flags of targets beside their states.',
      type: 'table',
      width: 6,
      queries: [{ expr: 'max by (model, target, flag) (allswell_target_flag{model=~"$model"})', legend: 'set' }],
    },
    {
      title: 'Failed probes by class',
      description: 'Of all pods, per second.',
      type: 'timeseries',
      unit: 'cps',
      stacked: true,
      width: 8,
      queries: [
        {
          expr: 'sum by (class) (rate(allswell_probe_total{class!~"ok|none"}[$__rate_interval]))',
          legend: '{{class}}',
        },
      ],
    },
    {
      title: 'Changes of state',
      description: 'By the new state, per hour.',
      type: 'timeseries',
      width: 8,
      queries: [
        { expr: 'sum by (to) (increase(allswell_target_transitions_total{model=~"$model"}[1h]))', legend: '{{to}}' },
      ],
    },
    {
      title: 'Latency of probes, slowest first',
      description: 'Rolling mean of successful probes.',
      type: 'timeseries',
      unit: 's',
      width: 8,
      queries: [
        {
          expr: 'topk(10, allswell_target_probe_latency_seconds{model=~"$model"})',
          legend: '{{model}} {{level}}',
        },
      ],
    },
  ],
};
