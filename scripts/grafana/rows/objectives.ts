import type { Row } from '../panel.ts';

/** Availability of model groups against their objectives. Empty without `fleet_health.slo`. */
export const objectives: Row = {
  title: 'Objectives',
  panels: [
    {
      title: 'Error budget left, least first',
      description: 'Share of the error budget of each group with an objective. Below 0 it is overdrawn.',
      type: 'timeseries',
      unit: 'percentunit',
      canBeNegative: true,
      width: 8,
      queries: [
        {
          expr: 'bottomk(10, allswell_slo_error_budget_left_ratio{group=~"$group"})',
          legend: '{{group}}',
        },
      ],
    },
    {
      title: 'Burn rate of error budgets, fastest first',
      description: '1 uses up the budget in just the window of the objective.',
      type: 'timeseries',
      width: 8,
      queries: [
        {
          expr: 'topk(10, allswell_slo_burn_rate{group=~"$group", window=~"1h|6h"})',
          legend: '{{group}}, {{window}}',
        },
      ],
    },
    {
      title: 'Availability of each group',
      description: 'Over the window of its objective. Known: the part of the window about which there is evidence.',
      type: 'table',
      unit: 'percentunit',
      width: 8,
      queries: [
        { expr: 'max by (group) (allswell_slo_objective_ratio{group=~"$group"})', legend: 'objective' },
        { expr: 'max by (group) (allswell_slo_availability_ratio{group=~"$group"})', legend: 'availability' },
        { expr: 'max by (group) (allswell_slo_known_ratio{group=~"$group"})', legend: 'known' },
      ],
    },
  ],
};
