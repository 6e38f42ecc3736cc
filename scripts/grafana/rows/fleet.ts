import type { Row } from '../panel.ts';

/** Pods, what they know of each other, and Redis. */
export const fleet: Row = {
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
