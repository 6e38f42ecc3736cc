import type {
  Dashboard,
  DataQuery,
  DataTransformerConfig,
  FieldConfig,
  FieldConfigSource,
  GraphFieldConfig,
  Panel,
  RowPanel,
  TableFieldOptions,
  VariableModel,
} from '@grafana/schema';
import type { QueryVariableSpec } from '@grafana/schema/apis/dashboard.grafana.app/v2';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as timeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/**
 * A dashboard as JSON, by Grafana's own types. Where Grafana accepts any record, such as for the options of a panel, it is narrower: it
 * has the types of the kinds of panels and variables that the board uses, and Prometheus as the only data source.
 */
export type Board = Omit<Json<Dashboard>, 'panels' | 'templating'> & {
  readonly panels: readonly AnyPanel[];
  readonly templating: { readonly list: readonly (DataSourceVariable | QueryVariable)[] };
};

/** A panel that shows something. */
export type DataPanel =
  | PanelOf<'stat', stat.Options, never>
  | PanelOf<'table', table.Options, TableFieldOptions>
  | PanelOf<'timeseries', timeseries.Options, GraphFieldConfig>
  | PanelOf<'state-timeline', timeline.Options, timeline.FieldConfig>;

export type AnyPanel = DataPanel | Row;

type Row = Omit<Json<RowPanel>, 'panels' | 'gridPos' | 'title'> &
  Required<Pick<Json<RowPanel>, 'gridPos' | 'title'>> & { readonly panels: readonly [] };

/** The values of enums are plain strings in JSON. Values of numeric enums are numbers, and TypeScript accepts those of the enum only. */
type Json<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Json<Element>[]
      : T extends object
        ? { readonly [Key in keyof T]: Json<T[Key]> }
        : T;

type PanelOf<Type extends string, Options, Custom> = Omit<Json<Panel>, NarrowerInPanels | RequiredInPanels> &
  Required<Pick<Json<Panel>, RequiredInPanels>> & {
    readonly type: Type;
    readonly datasource: ChosenDataSource;
    readonly options: Json<Options>;
    readonly fieldConfig: Omit<Json<FieldConfigSource>, 'defaults'> & {
      readonly defaults: Omit<Json<FieldConfig>, 'custom'> & { readonly custom?: Json<Custom> };
    };
    readonly targets: readonly PrometheusQuery[];
    readonly transformations?: readonly Transformation[];
  };

type NarrowerInPanels = 'type' | 'datasource' | 'options' | 'fieldConfig' | 'targets' | 'transformations';
type RequiredInPanels = 'id' | 'title' | 'description' | 'gridPos';

/** What the variable `datasource` says. */
interface ChosenDataSource {
  readonly type: 'prometheus';
  readonly uid: '${datasource}';
}

/** The package has no type of it any more: these are the fields of Grafana's data source for Prometheus that the board uses. */
type PrometheusQuery = Omit<Json<DataQuery>, 'datasource'> & {
  readonly datasource: ChosenDataSource;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
};

type Transformation = Omit<Json<DataTransformerConfig>, 'id' | 'options'> &
  (
    | { readonly id: 'merge'; readonly options: Readonly<Record<string, never>> }
    | {
        readonly id: 'organize';
        readonly options: {
          readonly excludeByName: Readonly<Record<string, boolean>>;
          readonly indexByName: Readonly<Record<string, number>>;
          readonly renameByName: Readonly<Record<string, string>>;
        };
      }
  );

type DataSourceVariable = Omit<Json<VariableModel>, 'type' | 'query' | 'datasource'> & {
  readonly type: 'datasource';
  readonly query: 'prometheus';
};

type QueryVariable = Omit<Json<VariableModel>, 'type' | 'query' | 'datasource'> &
  Pick<QueryVariableSpec, 'definition'> & {
    readonly type: 'query';
    readonly datasource: ChosenDataSource;
    readonly query: { readonly query: string; readonly refId: string };
  };
