import type { Row } from '../panel.ts';

/** Which model groups have deployments to send requests to. */
export const groups: Row = {
  title: 'Model groups',
  panels: [
    {
      title: 'Groups without a routable deployment',
      description: 'Their requests go to fallbacks, or to deployments that are down or drained.',
      type: 'stat',
      width: 6,
      thresholds: [
        { value: null, color: 'green' },
        { value: 1, color: 'red' },
      ],
      queries: [{ expr: 'count(allswell_group_routable_deployments == 0) or vector(0)', legend: 'groups' }],
    },
    {
      title: 'Groups on their last deployment',
      description: 'One more failure, and the group has no routable deployment.',
      type: 'stat',
      width: 6,
      thresholds: [
        { value: null, color: 'green' },
        { value: 1, color: 'orange' },
      ],
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
