/** One query of a panel. */
export interface Query {
  readonly expr: string;
  /** Name of each series, with labels in double braces. Default: the labels. */
  readonly legend?: string;
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
  /** States as words and colours. Default: numbers. */
  readonly mappings?: readonly unknown[];
  /** Stacks the series. Default: false. */
  readonly stacked?: boolean;
}

/** A row of panels with a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const COLUMNS = 24;
const HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** A table shows what is the case now. */
const withoutTime = { id: 'organize', options: { excludeByName: { Time: true } } };

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
  const { title, description, type, unit = 'short', queries, mappings = [], stacked = false } = panel;
  const isInstant = type === 'table' || type === 'stat';
  const custom = type === 'timeseries' ? { custom: { stacking: { mode: stacked ? 'normal' : 'none' } } } : {};
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit, mappings, min: 0, ...custom }, overrides: [] },
    options: optionsOf(type),
    ...(type === 'table' && { transformations: [{ id: 'merge', options: {} }, withoutTime] }),
    targets: queries.map(({ expr, legend = '__auto' }, at) => ({
      refId: String.fromCodePoint(65 + at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      instant: isInstant,
      range: !isInstant,
      ...(type === 'table' && { format: 'table' }),
    })),
  };
}

function optionsOf(type: Panel['type']): Readonly<Record<string, unknown>> {
  const shared = { legend: { displayMode: 'list', placement: 'bottom', showLegend: true } };
  switch (type) {
    case 'stat':
      return {
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
        colorMode: 'value',
        textMode: 'auto',
      };
    case 'table':
      return { showHeader: true };
    case 'state-timeline':
      return { ...shared, mergeValues: true, showValue: 'never', rowHeight: 0.9 };
    case 'timeseries':
      return { ...shared, tooltip: { mode: 'multi', sort: 'desc' } };
  }
}
