/** Error budget of a model group, as far as metrics show it. */
export interface GroupBudget {
  readonly group: string;
  /** Left as a share of the total; null if nothing is known. */
  readonly leftRatio: number | null;
  /** Share of the known time that was up; null if nothing is known. */
  readonly uptime: number | null;
  /** Share of the window that is known. */
  readonly known: number;
  /** Speed of use by window, such as `1h`; null where nothing is known. */
  readonly burnRates: Readonly<Record<string, number | null>>;
}
