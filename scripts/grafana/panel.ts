/** One query of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of each series, with labels in double braces; in a table, of the column with the values. Default: Grafana's. */
  readonly legend?: string;
}

/** Words and colours for numbers. */
export interface ValueMapping {
  readonly type: 'value';
  readonly options: Readonly<Record<string, { readonly text: string; readonly color: string; readonly index: number }>>;
}

/** From this value on, this colour. null: from the lowest number on. */
export interface Threshold {
  readonly value: number | null;
  readonly color: string;
}

/** A panel before it has a place on the board. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly type: 'stat' | 'table' | 'timeseries' | 'state-timeline';
  /** A unit of Grafana. Default: a plain number. */
  readonly unit?: string;
  readonly queries: readonly Query[];
  /** Of 24 columns. */
  readonly width: number;
  /** Default: numbers. */
  readonly mappings?: readonly ValueMapping[];
  /** Of a stat. Default: no colour. */
  readonly thresholds?: readonly Threshold[];
  /** Stacks the series. Default: false. */
  readonly stacked?: boolean;
  /** The axis does not begin at 0. Default: false. */
  readonly canBeNegative?: boolean;
}

/** A row of panels with a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const COLUMNS = 24;
const HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Without thresholds Grafana shows a stat in red from 80 on, whatever it counts. */
const NO_COLOUR: readonly Threshold[] = [{ value: null, color: 'text' }];

interface Placed {
  readonly id: number;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** The panels as Grafana reads them: each row's heading, then its panels from left to right, in lines of 24 columns. */
export function placed(rows: readonly Row[]): readonly (Placed & Readonly<Record<string, unknown>>)[] {
  const found: (Placed & Record<string, unknown>)[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const id = found.length + 1;
    found.push({ id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      if (x + panel.width > COLUMNS) [x, y] = [0, y + HEIGHT];
      found.push({ id: found.length + 1, gridPos: { x, y, w: panel.width, h: HEIGHT }, ...bodyOf(panel) });
      x += panel.width;
    }
    y += HEIGHT;
  }
  return found;
}

function bodyOf(panel: Panel): Readonly<Record<string, unknown>> {
  const { title, description, type, queries } = panel;
  const isInstant = type === 'table' || type === 'stat';
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    fieldConfig: { defaults: fieldsOf(panel), overrides: [] },
    options: optionsOf(type),
    ...(type === 'table' && { transformations: [{ id: 'merge', options: {} }, columnsOf(queries)] }),
    targets: queries.map(({ expr, legend = '__auto' }, at) => ({
      refId: refId(at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      instant: isInstant,
      range: !isInstant,
      ...(type === 'table' && { format: 'table' }),
    })),
  };
}

const refId = (at: number): string => String.fromCodePoint(65 + at);

function fieldsOf(panel: Panel): Readonly<Record<string, unknown>> {
  const { type, unit = 'short', mappings = [], thresholds = NO_COLOUR, stacked = false, canBeNegative = false } = panel;
  return {
    unit,
    mappings,
    ...(!canBeNegative && { min: 0 }),
    ...(type === 'stat' && { thresholds: { mode: 'absolute', steps: thresholds } }),
    ...(type === 'timeseries' && { custom: { stacking: { mode: stacked ? 'normal' : 'none', group: 'A' } } }),
  };
}

/** A table shows what is the case now. Grafana names the values of a query `Value`, and those of several `Value #A` and so on. */
function columnsOf(queries: readonly Query[]): Readonly<Record<string, unknown>> {
  const renameByName = Object.fromEntries(
    queries.flatMap(({ legend }, at) =>
      legend === undefined ? [] : [[queries.length === 1 ? 'Value' : `Value #${refId(at)}`, legend]],
    ),
  );
  return { id: 'organize', options: { excludeByName: { Time: true }, indexByName: {}, renameByName } };
}

const LEGEND = { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true };

/** All that Grafana's types require, so that no version of it has to fill in a default of its own. */
function optionsOf(type: Panel['type']): Readonly<Record<string, unknown>> {
  switch (type) {
    case 'stat':
      return {
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
        orientation: 'auto',
        colorMode: 'value',
        graphMode: 'none',
        justifyMode: 'auto',
        textMode: 'auto',
        wideLayout: true,
        showPercentChange: false,
        percentChangeColorMode: 'standard',
      };
    case 'table':
      return { showHeader: true, cellHeight: 'sm', frameIndex: 0 };
    case 'state-timeline':
      return {
        legend: LEGEND,
        tooltip: { mode: 'single', sort: 'none' },
        mergeValues: true,
        showValue: 'never',
        rowHeight: 0.9,
      };
    case 'timeseries':
      return { legend: LEGEND, tooltip: { mode: 'multi', sort: 'desc' } };
  }
}
