import type { Mistake } from './mistake.ts';

/** One mistake of each kind that no type can say, with the problem that the check finds. */
export const OTHER_MISTAKES: readonly Mistake[] = [
  {
    what: 'one id for two panels',
    at: ['panels', 'Incidents', 'id'],
    value: 1,
    found: 'two panels have the id 1',
  },
  {
    what: 'two panels in one place',
    at: ['panels', 'Incidents', 'gridPos', 'x'],
    value: 7,
    found: 'Alert receivers and Incidents overlap',
  },
  {
    what: 'a panel that is too wide',
    at: ['panels', 'Attempts to send alerts', 'gridPos', 'w'],
    value: 9,
    found: 'Attempts to send alerts is outside the board',
  },
  {
    what: 'a variable that does not exist',
    at: ['panels', 'Flags', 'title'],
    value: 'Flags of $team',
    found: 'no variable team',
  },
  {
    what: 'a variable that nothing uses',
    at: ['templating', 'list', 3],
    value: { name: 'team', type: 'datasource', query: 'prometheus' },
    found: 'nothing uses the variable team',
  },
  {
    what: 'two variables of one name',
    at: ['templating', 'list', 3],
    value: { name: 'group', type: 'datasource', query: 'prometheus' },
    found: 'two variables have the name group',
  },
  {
    what: 'a variable by a label that its metric lacks',
    at: ['templating', 'list', 1, 'query', 'query'],
    value: 'label_values(allswell_known_pods, group)',
    found: 'label_values(allswell_known_pods, group): the series have no label group',
  },
  {
    what: 'a unit that Grafana does not have',
    at: ['panels', 'Failovers', 'fieldConfig', 'defaults', 'unit'],
    value: 'requests',
    found: 'Failovers: unknown unit requests',
  },
  {
    what: 'thresholds in the wrong order',
    at: ['panels', 'Groups on their last deployment', 'fieldConfig', 'defaults', 'thresholds', 'steps', 2],
    value: { value: 0, color: 'red' },
    found: 'Groups on their last deployment: unordered thresholds',
  },
  {
    what: 'thresholds that do not begin at the lowest number',
    at: ['panels', 'Groups on their last deployment', 'fieldConfig', 'defaults', 'thresholds', 'steps', 0, 'value'],
    value: 0,
    found: 'Groups on their last deployment: unordered thresholds',
  },
  {
    what: 'a stat without thresholds',
    at: ['panels', 'Saved today', 'fieldConfig', 'defaults', 'thresholds'],
    found: 'Saved today: no thresholds: Grafana would show it in red from 80 on',
  },
  {
    what: 'a description that is no sentence',
    at: ['panels', 'Failovers', 'description'],
    value: 'Failovers',
    found: 'Failovers: its description is no sentence',
  },
  {
    what: 'a panel without queries',
    at: ['panels', 'Flags', 'targets'],
    value: [],
    found: 'Flags: no query',
  },
  {
    what: 'one name for two queries',
    at: ['panels', 'Incidents', 'targets', 1, 'refId'],
    value: 'A',
    found: 'Incidents: two queries have the refId A',
  },
  {
    what: 'a query without a metric',
    at: ['panels', 'Incidents', 'targets', 0, 'expr'],
    value: 'vector(1)',
    found: 'Incidents: names no metric',
  },
  {
    what: 'a metric that does not exist',
    at: ['panels', 'Incidents', 'targets', 0, 'expr'],
    value: 'max(allswell_alert_open)',
    found: 'Incidents: unknown metric allswell_alert_open',
  },
  {
    what: 'a selector by a label that only another metric of the query has',
    at: ['panels', 'Incidents', 'targets', 0, 'expr'],
    value: 'allswell_known_pods{code="a"} or allswell_store_errors_total',
    found: 'Incidents: unknown label code of allswell_known_pods',
  },
  {
    what: 'a group by a label that the metric lacks',
    at: ['panels', 'Incidents', 'targets', 0, 'expr'],
    value: 'sum by (team) (allswell_known_pods)',
    found: 'Incidents: unknown label team',
  },
  {
    what: 'a join on a label that no metric has',
    at: ['panels', 'Incidents', 'targets', 0, 'expr'],
    value: 'allswell_known_pods and on (team) allswell_build_info',
    found: 'Incidents: unknown label team',
  },
  {
    what: 'series named by a label that the query drops',
    at: ['panels', 'Failovers', 'targets', 0, 'legendFormat'],
    value: '{{instance}}',
    found: 'Failovers: the series have no label instance',
  },
];
