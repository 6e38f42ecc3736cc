/**
 * Ids of units that Grafana has, from getCategories in its packages/grafana-data/src/valueFormats/categories.ts: plain numbers, dollars,
 * data, times and rates. Grafana appends an id that it does not know to the number as text.
 */
export const UNIT_IDS: ReadonlySet<string> = new Set(
  [
    'none short percent percentunit sci locale',
    'currencyUSD bytes decbytes Bps',
    'dateTimeAsIso dateTimeFromNow',
    'ns µs ms s m h d dtdurationms dtdurations dthms dtdhms',
    'cps ops reqps rps wps iops cpm opm rpm wpm',
  ].flatMap((ids) => ids.split(' ')),
);
