import type { Row } from '../panel.ts';
import { failing } from './mappings.ts';

/** Alerts that pods send themselves. Empty without `fleet_health.alerts`. */
export const alerts: Row = {
  title: 'Alerts',
  panels: [
    {
      title: 'Alert receivers',
      description: 'A receiver fails if any pod could not deliver the newest alert to it.',
      type: 'state-timeline',
      width: 8,
      mappings: [failing],
      queries: [{ expr: 'max by (receiver) (allswell_alert_receiver_failing)', legend: '{{receiver}}' }],
    },
    {
      title: 'Incidents',
      description: 'Held back: outages that returned within the damping time and are not reported yet.',
      type: 'timeseries',
      width: 8,
      queries: [
        { expr: 'max(allswell_alert_incidents_open)', legend: 'open' },
        { expr: 'max(allswell_alert_conditions_held_back)', legend: 'held back' },
      ],
    },
    {
      title: 'Attempts to send alerts',
      description: 'By result, per hour.',
      type: 'timeseries',
      stacked: true,
      width: 8,
      queries: [{ expr: 'sum by (result) (increase(allswell_alerts_total[1h]))', legend: '{{result}}' }],
    },
  ],
};
