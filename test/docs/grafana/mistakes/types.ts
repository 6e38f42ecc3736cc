import type { Mistake } from './mistake.ts';

const STAT = ['panels', 'Saved today'];
const SERIES = ['panels', 'Pods'];
const TABLE = ['panels', 'Flags'];
const TIMELINE = ['panels', 'Alert receivers'];

/** One mistake of each kind that Grafana's types know, with what the compiler says. */
export const TYPE_MISTAKES: readonly Mistake[] = [
  {
    what: 'an unknown property',
    at: ['colour'],
    value: 'red',
    found: `'"colour"' does not exist`,
  },
  {
    what: 'a number as text',
    at: ['schemaVersion'],
    value: '38',
    found: "'string' is not assignable to type 'number'",
  },
  {
    what: 'a number that the enum lacks',
    at: ['graphTooltip'],
    value: 7,
    found: "'7' is not assignable",
  },
  {
    what: 'a panel of a removed kind',
    at: [...SERIES, 'type'],
    value: 'graph',
    found: `'"graph"' is not assignable`,
  },
  {
    what: 'a panel without the data source',
    at: [...SERIES, 'datasource'],
    found: "'datasource' is missing",
  },
  {
    what: 'a panel with the data source of one installation',
    at: [...SERIES, 'datasource', 'uid'],
    value: 'prometheus',
    found: `'"prometheus"' is not assignable`,
  },
  {
    what: 'a query without the data source',
    at: [...SERIES, 'targets', 0, 'datasource'],
    found: "'datasource' is missing",
  },
  {
    what: 'a query without expression',
    at: [...SERIES, 'targets', 0, 'expr'],
    found: "'expr' is missing",
  },
  {
    what: 'an unknown property of a query',
    at: [...SERIES, 'targets', 0, 'legend'],
    value: 'pods',
    found: `'"legend"' does not exist`,
  },
  {
    what: 'an unknown format of a query',
    at: [...TABLE, 'targets', 0, 'format'],
    value: 'tables',
    found: `'"tables"' is not assignable`,
  },
  {
    what: 'a word that the enum of an option lacks',
    at: [...STAT, 'options', 'colorMode'],
    value: 'values',
    found: `'"values"' is not assignable`,
  },
  {
    what: 'an option that is missing',
    at: [...STAT, 'options', 'reduceOptions'],
    found: "'reduceOptions' is missing",
  },
  {
    what: 'an option of another kind of panel',
    at: [...SERIES, 'options', 'mergeValues'],
    value: true,
    found: `'"mergeValues"' does not exist`,
  },
  {
    what: 'an unknown way to show a timeline',
    at: [...TIMELINE, 'options', 'showValue'],
    value: 'sometimes',
    found: `'"sometimes"' is not assignable`,
  },
  {
    what: 'an unknown setting of fields',
    at: [...SERIES, 'fieldConfig', 'defaults', 'units'],
    value: 's',
    found: `'"units"' does not exist`,
  },
  {
    what: 'an unknown way to stack',
    at: [...SERIES, 'fieldConfig', 'defaults', 'custom', 'stacking', 'mode'],
    value: 'stacked',
    found: `'"stacked"' is not assignable`,
  },
  {
    what: 'an unknown setting of one kind of panel',
    at: [...SERIES, 'fieldConfig', 'defaults', 'custom', 'lineThickness'],
    value: 1,
    found: `'"lineThickness"' does not exist`,
  },
  {
    what: 'an unknown mode of thresholds',
    at: [...STAT, 'fieldConfig', 'defaults', 'thresholds', 'mode'],
    value: 'relative',
    found: `'"relative"' is not assignable`,
  },
  {
    what: 'an unknown kind of mapping',
    at: [...TIMELINE, 'fieldConfig', 'defaults', 'mappings', 0, 'type'],
    value: 'values',
    found: `'"values"' is not assignable`,
  },
  {
    what: 'an unknown transformation',
    at: [...TABLE, 'transformations', 0, 'id'],
    value: 'merged',
    found: `'"merged"' is not assignable`,
  },
  {
    what: 'a variable that is refreshed at an unknown time',
    at: ['templating', 'list', 1, 'refresh'],
    value: 9,
    found: "'9' is not assignable",
  },
  {
    what: 'a variable of an unknown kind',
    at: ['templating', 'list', 0, 'type'],
    value: 'source',
    found: `'"source"' is not assignable`,
  },
  {
    what: 'a variable with the data source of one installation',
    at: ['templating', 'list', 1, 'datasource', 'uid'],
    value: 'prometheus',
    found: `'"prometheus"' is not assignable`,
  },
];
