import type { Row } from '../panel.ts';

/** Users' requests. */
export const requests: Row = {
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
