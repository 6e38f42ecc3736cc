import type { AnyPanel, Board, DataPanel } from './board-type.ts';
import { CALCULATIONS, COLOURS, UNITS } from './known-ids.ts';
import { queryProblems } from './query-problems.ts';

const COLUMNS = 24;

/** What is wrong with a dashboard that Grafana's types cannot say. */
export function boardProblems(board: Board): readonly string[] {
  const shown = board.panels.filter((panel): panel is DataPanel => panel.type !== 'row');
  return [
    ...idProblems(board.panels),
    ...placeProblems(board.panels),
    ...variableProblems(board),
    ...timeProblems(board),
    ...shown.flatMap((panel) => panelProblems(panel).map((problem) => `${panel.title}: ${problem}`)),
  ];
}

function idProblems(panels: readonly AnyPanel[]): readonly string[] {
  return repeated(panels.map(({ id }) => id)).map((id) => `two panels have the id ${id}`);
}

function placeProblems(panels: readonly AnyPanel[]): readonly string[] {
  const outside = panels.filter(({ gridPos: { x, y, w, h } }) => x < 0 || y < 0 || w < 1 || h < 1 || x + w > COLUMNS);
  const overlapping = panels.flatMap((panel, at) =>
    panels
      .slice(at + 1)
      .flatMap((other) => (overlap(panel, other) ? [`${panel.title} and ${other.title} overlap`] : [])),
  );
  return [...outside.map(({ title }) => `${title} is outside the board`), ...overlapping];
}

function overlap({ gridPos: a }: AnyPanel, { gridPos: b }: AnyPanel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function variableProblems({ panels, templating }: Board): readonly string[] {
  const variables = templating.list.map(({ name }) => name);
  const used = [...JSON.stringify([panels, templating]).matchAll(/\$(?:\{([a-z]\w*)\}|([a-z]\w*))/g)].map(
    ([, braced, plain]) => braced ?? plain ?? '',
  );
  const queries = templating.list.flatMap((variable) => (variable.type === 'query' ? [variable] : []));
  return [
    ...repeated(variables).map((name) => `two variables have the name ${name}`),
    ...[...new Set(used)].filter((name) => !variables.includes(name)).map((name) => `no variable ${name}`),
    ...variables.filter((name) => !used.includes(name)).map((name) => `nothing uses the variable ${name}`),
    ...queries.flatMap(({ query: { query } }) => {
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? [];
      return queryProblems(metric, `{{${label}}}`).map((problem) => `${query}: ${problem}`);
    }),
  ];
}

function timeProblems({ refresh = '', time }: Board): readonly string[] {
  const isRelative = (moment = ''): boolean => /^now(?:-\d+[smhdwMy])?$/.test(moment);
  return [
    ...(/^\d+[smhd]$/.test(refresh) ? [] : [`${refresh} is no interval`]),
    ...[time?.from, time?.to].filter((moment) => !isRelative(moment)).map((moment) => `${moment} is no relative time`),
  ];
}

function panelProblems(panel: DataPanel): readonly string[] {
  const { type, description, fieldConfig, targets } = panel;
  const { unit, thresholds } = fieldConfig.defaults;
  return [
    ...(description.endsWith('.') ? [] : ['its description is no sentence']),
    ...(unit === undefined || UNITS.includes(unit) ? [] : [`unknown unit ${unit}`]),
    ...coloursOf(fieldConfig)
      .filter((colour) => !COLOURS.includes(colour))
      .map((colour) => `unknown colour ${colour}`),
    ...calculationsOf(panel)
      .filter((id) => !CALCULATIONS.includes(id))
      .map((id) => `unknown calculation ${id}`),
    ...(type === 'stat' && thresholds === undefined ? ['no thresholds: Grafana would show it in red from 80 on'] : []),
    ...(thresholds === undefined || areOrdered(thresholds.steps.map(({ value }) => value))
      ? []
      : ['unordered thresholds']),
    ...(targets.length === 0 ? ['no query'] : []),
    ...repeated(targets.map(({ refId }) => refId)).map((refId) => `two queries have the refId ${refId}`),
    ...targets.flatMap(({ expr, legendFormat }) => queryProblems(expr, legendFormat)),
    ...columnProblems(panel),
  ];
}

/** Those of thresholds and of mapped values. */
function coloursOf({ defaults: { thresholds, mappings = [] } }: DataPanel['fieldConfig']): readonly string[] {
  const mapped = mappings.flatMap((mapping) => (mapping.type === 'value' ? Object.values(mapping.options) : []));
  return [...(thresholds?.steps ?? []), ...mapped].flatMap(({ color }) => color ?? []);
}

function calculationsOf({ type, options }: DataPanel): readonly string[] {
  if (type === 'stat') return options.reduceOptions.calcs;
  return type === 'table' ? [] : options.legend.calcs;
}

/** Grafana names the values of a query `Value`, and those of several `Value #A` and so on. */
function columnProblems({ targets, transformations = [] }: DataPanel): readonly string[] {
  const columns = targets.length <= 1 ? ['Value'] : targets.map(({ refId }) => `Value #${refId}`);
  return transformations
    .flatMap(({ id, options }) => (id === 'organize' ? Object.keys(options.renameByName) : []))
    .filter((name) => !columns.includes(name))
    .map((name) => `no column ${name}`);
}

/** The first is null, for the lowest number. */
function areOrdered([first, ...others]: readonly (number | null)[]): boolean {
  return first === null && others.every((value, at) => value !== null && value > (others[at - 1] ?? -Infinity));
}

function repeated<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}
