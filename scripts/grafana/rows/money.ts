import type { Row } from '../panel.ts';

/** Cost of probes and of requests. */
export const money: Row = {
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
      queries: [{ expr: 'topk(10, max by (model, target) (allswell_target_spent_today_usd))', legend: 'spent' }],
    },
  ],
};
