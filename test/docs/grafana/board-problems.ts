import type { AnyPanel, Board, DataPanel } from './board-type.ts';
import { queryProblems } from './query-problems.ts';
import { UNIT_IDS } from './unit-ids.ts';

const COLUMNS = 24;

/** What is wrong with a dashboard that Grafana's types cannot say. */
export function boardProblems(board: Board): readonly string[] {
  const shown = board.panels.filter((panel): panel is DataPanel => panel.type !== 'row');
  return [
    ...idProblems(board.panels),
    ...placeProblems(board.panels),
    ...variableProblems(board),
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

function panelProblems({ type, description, fieldConfig, targets }: DataPanel): readonly string[] {
  const { unit, thresholds } = fieldConfig.defaults;
  return [
    ...(description.endsWith('.') ? [] : ['its description is no sentence']),
    ...(unit === undefined || UNIT_IDS.has(unit) ? [] : [`unknown unit ${unit}`]),
    ...(type === 'stat' && thresholds === undefined ? ['no thresholds: Grafana would show it in red from 80 on'] : []),
    ...(thresholds === undefined || areOrdered(thresholds.steps.map(({ value }) => value))
      ? []
      : ['unordered thresholds']),
    ...(targets.length === 0 ? ['no query'] : []),
    ...repeated(targets.map(({ refId }) => refId)).map((refId) => `two queries have the refId ${refId}`),
    ...targets.flatMap(({ expr, legendFormat }) => queryProblems(expr, legendFormat)),
  ];
}

/** The first is null, for the lowest number. */
function areOrdered([first, ...others]: readonly (number | null)[]): boolean {
  return first === null && others.every((value, at) => value !== null && value > (others[at - 1] ?? -Infinity));
}

function repeated<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}
