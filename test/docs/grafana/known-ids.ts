// Names that Grafana knows and that its types leave open, by its package @grafana/data: the part of each list that a board of ours may use.

const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(' '));

/** Units: plain numbers, dollars, data, times and rates. Grafana appends an id that it does not know to the number as text. */
export const UNITS: readonly string[] = words(
  'none short percent percentunit sci locale',
  'currencyUSD bytes decbytes Bps',
  'dateTimeAsIso dateTimeFromNow',
  'ns µs ms s m h d dtdurationms dtdurations dthms dtdhms',
  'cps ops reqps rps wps iops cpm opm rpm wpm',
);

const HUES = words('green yellow orange red blue purple');

/** Colours that follow the theme. */
export const COLOURS: readonly string[] = [
  ...words('text transparent'),
  ...['', 'super-light-', 'light-', 'semi-dark-', 'dark-'].flatMap((shade) => HUES.map((hue) => shade + hue)),
];

/** Ways to make one value of a series. */
export const CALCULATIONS: readonly string[] = words(
  'first firstNotNull last lastNotNull min max mean sum count range',
);
