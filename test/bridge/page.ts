import type { Figure } from './harness/measured.ts';

/** Figures of a run, by name. */
export type Figures = ReadonlyMap<string, number>;

export const PAGE = 'docs/reference/bridge-measured.md';

type Cell = { readonly figure: Figure } | string;

const UNKNOWN = '?';

/** Before and after, row by row. */
const ROWS: readonly (readonly [what: string, alone: Cell, withBridge: Cell])[] = [
  [
    'LiteLLM probes per model and interval',
    { figure: 'alone probes per interval' },
    { figure: 'bridge probes per interval' },
  ],
  ['bridge probes per model and interval', '–', { figure: 'bridge own probes per interval' }],
  [
    'last LiteLLM probe, relative to the first publication, s',
    '–',
    { figure: 'last probe of LiteLLM after the bridge, s' },
  ],
  [
    'outage that starts just after a probe: time until the last LiteLLM pod reports it, s',
    { figure: 'alone outage known by the last pod, s' },
    { figure: 'bridge outage known by the last pod, s' },
  ],
  [
    'same, LiteLLM pods read every 2 s, default TTL of 300 s',
    { figure: 'slow outage known by the last pod, s' },
    { figure: 'fast outage known by the last pod, s' },
  ],
  [
    'foreign value in place of the results: longest time until it is repaired, ms',
    '–',
    { figure: 'slowest repair, ms' },
  ],
  ['bridge killed: time until a second bridge takes over, s', '–', { figure: 'take-over by the second bridge, s' }],
  [
    'bridge killed (TTL 6, interval 3): time until LiteLLM probes again, s',
    '–',
    { figure: 'resumed after the bridge was killed, s' },
  ],
  ['same, bridge hung, s', '–', { figure: 'resumed after the bridge hung, s' }],
  ['same, Redis gone, lock TTL 10, circuit breaker 10, s', '–', { figure: 'resumed while Redis was gone, s' }],
  ['same, Redis hung, lock TTL 10, circuit breaker 10, s', '–', { figure: 'resumed while Redis hung, s' }],
  ['Redis back: time until LiteLLM stops probing, s', '–', { figure: 'quiet after Redis was back, s' }],
];

/** The table; a missing figure is a question mark. */
export function measuredTable(figures: Figures): string {
  const cell = (one: Cell): string => (typeof one === 'string' ? one : String(figures.get(one.figure) ?? UNKNOWN));
  const rows = ROWS.map(([what, alone, withBridge]) => `| ${what} | ${cell(alone)} | ${cell(withBridge)} |`);
  return ['| | LiteLLM alone | with the bridge |', '|---|---|---|', ...rows].join('\n');
}

/** The figures in a page. */
export function figuresOn(page: string): Figures {
  const lines = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const cellsOf = ([what, ...cells]: (typeof ROWS)[number]): [string, number][] => {
    const shown = lines.find((line) => line[1] === what)?.slice(2) ?? [];
    return cells.flatMap((cell, at): [string, number][] => {
      return typeof cell === 'string' || shown[at] === undefined ? [] : [[cell.figure, Number(shown[at])]];
    });
  };
  return new Map(ROWS.flatMap(cellsOf));
}

/** The whole page, or undefined if a figure is missing. */
export function pageWith(figures: Figures, { cores, version }: { cores: number; version: string }): string | undefined {
  const table = measuredTable(figures);
  if (table.includes(UNKNOWN)) return undefined;
  return `# Measured: LiteLLM with the bridge, and without

Written by the bridge test suite, \`npm run test:bridge -- --write\`: real LiteLLM ${version}, three pods started one after the other, one Redis and
one counting upstream, on one machine with ${cores} cores. Unless stated otherwise, interval and TTL of results are 20 s. Each figure is of one run;
seconds are reliable, tenths are not. The suite also checks for ten intervals that LiteLLM sends no probe: with a TTL of 20 s and of 300 s, and with
a bridge that starts before the pods, between their rounds, and during one.

${table}

A probe is an upstream request with one of LiteLLM's probe prompts, including retries of its client. Probes of the bridge are recognised by their
user agent. In an outage the upstream answers 500 from just after its last probe, the worst case, until \`/health\` of the last LiteLLM pod lists the
deployment as unhealthy.

With equal interval and TTL, the bridge detects outages no faster: both probe once per interval, and each LiteLLM pod reads results once per
interval, so the last pod needs one to two intervals. Seven runs took 31 to 37 s with LiteLLM alone, and 23 to 40 s with the bridge. LiteLLM alone
with its default TTL needs 300 s plus up to one interval, because pods reuse results within the TTL. With the bridge a short
\`health_check_interval\` is enough, and costs no probes: [make it fast](../how-to/stop-litellm-probing.md#make-it-fast).
`;
}
