import { STATE_VALUES } from '../../src/telemetry/index.ts';
import type { Row } from './panel.ts';

const COLOURS = { unknown: 'text', up: 'green', degraded: 'yellow', suspect: 'orange', down: 'red' } as const;

/** States are numbers in metrics, and words here. */
const states = [
  {
    type: 'value',
    options: Object.fromEntries(
      Object.entries(COLOURS).map(([state, color], index) => [
        String(STATE_VALUES[state as keyof typeof COLOURS]),
        { text: state, color, index },
      ]),
    ),
  },
];

const groups: Row = {
  title: 'Model groups',
  panels: [
    {
      title: 'Groups without a routable deployment',
      description: 'Their requests go to fallbacks, or to deployments that are down or drained.',
      type: 'stat',
      width: 6,
      queries: [{ expr: 'count(allswell_group_routable_deployments == 0) or vector(0)', legend: 'groups' }],
    },
    {
      title: 'Groups on their last deployment',
      description: 'One more failure, and the group has no routable deployment.',
      type: 'stat',
      width: 6,
      queries: [
        {
          expr: 'count(allswell_group_routable_deployments == 1 and allswell_group_deployments > 1) or vector(0)',
          legend: 'groups',
        },
      ],
    },
    {
      title: 'Routable part of each group, worst first',
      description: 'Deployments that are not down and not drained, of all of the group.',
      type: 'timeseries',
      unit: 'percentunit',
      width: 12,
      queries: [
        {
          expr: 'bottomk(10, allswell_group_routable_deployments{group=~"$group"} / allswell_group_deployments{group=~"$group"})',
          legend: '{{group}}',
        },
      ],
    },
  ],
};

const targets: Row = {
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
      mappings: states,
      queries: [{ expr: 'allswell_target_state{model=~"$model"} > 1', legend: '{{model}}' }],
    },
    {
      title: 'Failing now',
      description: 'Failures in a row by the class of the newest.',
      type: 'table',
      width: 12,
      queries: [{ expr: 'sum by (model, target, class) (allswell_target_consecutive_failures{model=~"$model"})' }],
    },
    {
      title: 'Holds and flags',
      description: 'Targets that an operator holds, and flags beside the state.',
      type: 'table',
      width: 12,
      queries: [
        { expr: 'sum by (model, target, kind) (allswell_target_hold{model=~"$model"})' },
        { expr: 'sum by (model, target, flag) (allswell_target_flag{model=~"$model"})' },
      ],
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

const fleet: Row = {
  title: 'Fleet',
  panels: [
    {
      title: 'Pods',
      description: 'Pods that each pod knows; the lines of a healthy fleet are one.',
      type: 'timeseries',
      width: 8,
      queries: [
        { expr: 'max(allswell_known_pods)', legend: 'most that a pod knows' },
        { expr: 'min(allswell_known_pods)', legend: 'fewest that a pod knows' },
        { expr: 'max(allswell_fleet_expected_pods)', legend: 'expected' },
      ],
    },
    {
      title: 'Propagation of a result',
      description: 'Time from the end of a probe in any pod until another one applied its result.',
      type: 'timeseries',
      unit: 's',
      width: 8,
      queries: [50, 99].map((percent) => ({
        expr: `histogram_quantile(${percent / 100}, sum by (le) (rate(allswell_propagation_seconds_bucket[$__rate_interval])))`,
        legend: `p${percent}`,
      })),
    },
    {
      title: 'Pods by mode of the store',
      description: 'shared: by Redis; fallback: Redis does not answer; independent: by configuration.',
      type: 'timeseries',
      stacked: true,
      width: 8,
      queries: [{ expr: 'sum by (mode) (allswell_store_mode)', legend: '{{mode}}' }],
    },
    {
      title: 'Commands to Redis, p99',
      description: 'Including failed ones.',
      type: 'timeseries',
      unit: 's',
      width: 8,
      queries: [
        {
          expr: 'histogram_quantile(0.99, sum by (le, command) (rate(allswell_store_command_seconds_bucket[$__rate_interval])))',
          legend: '{{command}}',
        },
      ],
    },
    {
      title: 'Failed commands to Redis',
      description: 'By reason, per second.',
      type: 'timeseries',
      unit: 'cps',
      width: 8,
      queries: [{ expr: 'sum by (code) (rate(allswell_store_errors_total[$__rate_interval]))', legend: '{{code}}' }],
    },
    {
      title: 'Impaired pods, and lag of the event loop',
      description: 'The lag is that of the slowest pod, p99.',
      type: 'timeseries',
      width: 8,
      queries: [
        { expr: 'sum(allswell_pod_impaired)', legend: 'impaired pods' },
        {
          expr: 'max(nodejs_eventloop_lag_p99_seconds and on (job, instance) allswell_build_info)',
          legend: 'lag in seconds',
        },
      ],
    },
  ],
};

const money: Row = {
  title: 'Money',
  panels: [
    {
      title: 'Spent on probes today',
      description: 'UTC day, at list prices.',
      type: 'stat',
      unit: 'currencyUSD',
      width: 6,
      queries: [{ expr: 'max(allswell_fleet_spent_today_usd)', legend: 'spent' }],
    },
    {
      title: 'Saved today',
      description: 'Cost of probes that were avoided this UTC day.',
      type: 'stat',
      unit: 'currencyUSD',
      width: 6,
      queries: [{ expr: 'max by (by) (allswell_fleet_saved_today_usd)', legend: '{{by}}' }],
    },
    {
      title: 'Use of the daily budget',
      description: 'Running and lost probes count at their maximum price. Nothing without a budget.',
      type: 'timeseries',
      unit: 'percentunit',
      width: 12,
      queries: [
        { expr: 'allswell_fleet_budget_used_usd / allswell_fleet_budget_limit_usd', legend: 'fleet, dollars' },
        { expr: 'allswell_fleet_budget_used_probes / allswell_fleet_budget_limit_probes', legend: 'fleet, probes' },
        {
          expr: 'topk(5, allswell_target_budget_used_usd / allswell_target_budget_limit_usd)',
          legend: '{{model}}, dollars',
        },
      ],
    },
    {
      title: 'Cost of requests',
      description: 'Per hour, by model group.',
      type: 'timeseries',
      unit: 'currencyUSD',
      stacked: true,
      width: 12,
      queries: [
        {
          expr: 'sum by (group) (increase(allswell_request_spend_usd_total{group=~"$group"}[1h]))',
          legend: '{{group}}',
        },
      ],
    },
    {
      title: 'Most expensive targets to probe today',
      description: 'UTC day, at list prices.',
      type: 'table',
      unit: 'currencyUSD',
      width: 12,
      queries: [{ expr: 'topk(10, max by (model, target) (allswell_target_spent_today_usd))' }],
    },
  ],
};

const requests: Row = {
  title: 'Requests',
  panels: [
    {
      title: 'Requests by status',
      description: 'Per second, of all pods.',
      type: 'timeseries',
      unit: 'reqps',
      stacked: true,
      width: 8,
      queries: [
        {
          expr: 'sum by (status) (rate(allswell_requests_total{group=~"$group"}[$__rate_interval]))',
          legend: '{{status}}',
        },
      ],
    },
    {
      title: 'Failovers',
      description: 'Answered requests that took more than one attempt, per second.',
      type: 'timeseries',
      unit: 'reqps',
      width: 8,
      queries: [
        {
          expr: 'sum by (group) (rate(allswell_request_failovers_total{group=~"$group"}[$__rate_interval]))',
          legend: '{{group}}',
        },
      ],
    },
    {
      title: 'Time to the first byte',
      description: 'Failovers included.',
      type: 'timeseries',
      unit: 's',
      width: 8,
      queries: [50, 95, 99].map((percent) => ({
        expr: `histogram_quantile(${percent / 100}, sum by (le) (rate(allswell_request_first_byte_seconds_bucket{group=~"$group"}[$__rate_interval])))`,
        legend: `p${percent}`,
      })),
    },
    {
      title: 'Attempts by result',
      description: 'At all deployments, per second.',
      type: 'timeseries',
      unit: 'reqps',
      stacked: true,
      width: 12,
      queries: [
        {
          expr: 'sum by (result) (rate(allswell_request_attempts_total{group=~"$group"}[$__rate_interval]))',
          legend: '{{result}}',
        },
      ],
    },
    {
      title: 'Refused requests',
      description: 'Before they were routed, per second, by reason.',
      type: 'timeseries',
      unit: 'reqps',
      width: 12,
      queries: [
        { expr: 'sum by (reason) (rate(allswell_requests_refused_total[$__rate_interval]))', legend: '{{reason}}' },
      ],
    },
  ],
};

/** The rows of the board, the most urgent first. */
export const ROWS: readonly Row[] = [groups, targets, fleet, requests, money];
