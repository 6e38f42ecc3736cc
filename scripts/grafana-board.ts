import { placed } from './grafana/panel.ts';
import { ROWS } from './grafana/rows/index.ts';

/** The dashboard for Grafana, as it is imported. */
export function grafanaBoard(): unknown {
  return {
    uid: 'allswell',
    title: 'allswell',
    description:
      'Health, objectives, alerts, propagation, requests and money of an allswell fleet. Needs the jobs of docs/how-to/monitor-with-prometheus.md.',
    tags: ['allswell', 'llm'],
    // Of Grafana 10; later versions migrate it when they load it.
    schemaVersion: 38,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: '',
    templating: {
      list: [datasource, variable('group', 'allswell_group_deployments'), variable('model', 'allswell_target_state')],
    },
    annotations: { list: [] },
    links: [],
    panels: placed(ROWS),
  };
}

const datasource = { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', hide: 0 };

/** A choice of the values of a label. */
function variable(label: string, metric: string): Readonly<Record<string, unknown>> {
  const query = `label_values(${metric}, ${label})`;
  return {
    name: label,
    label: label === 'group' ? 'Model group' : 'Model',
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    definition: query,
    query: { query, refId: label },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    hide: 0,
  };
}
