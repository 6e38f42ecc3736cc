import type { Figure } from './harness/measured.ts';

/** What a run measured, by name. */
export type Figures = ReadonlyMap<string, number>;

export const PAGE = 'docs/reference/bridge-measured.md';

type Cell = { readonly figure: Figure } | string;

const UNKNOWN = '?';

/** Before and after, row by row. */
const ROWS: readonly (readonly [what: string, alone: Cell, withBridge: Cell])[] = [
  [
    'probes that LiteLLM sends of each model, per interval',
    { figure: 'alone probes per interval' },
    { figure: 'bridge probes per interval' },
  ],
  ['probes that the bridge sends of each model, per interval', '–', { figure: 'bridge own probes per interval' }],
  [
    "LiteLLM's last probe, counted from the first publication, s",
    '–',
    { figure: 'last probe of LiteLLM after the bridge, s' },
  ],
  [
    'until the last LiteLLM pod knows of an outage that begins just after a probe, s',
    { figure: 'alone outage known by the last pod, s' },
    { figure: 'bridge outage known by the last pod, s' },
  ],
  [
    "the same where LiteLLM's pods look every 2 s, with the default TTL of 300 s",
    { figure: 'slow outage known by the last pod, s' },
    { figure: 'fast outage known by the last pod, s' },
  ],
  ['until something planted in place of the results is repaired, at most, ms', '–', { figure: 'slowest repair, ms' }],
  [
    'until a second bridge takes over from one that was killed, s',
    '–',
    { figure: 'take-over by the second bridge, s' },
  ],
  [
    'until LiteLLM probes by itself: bridge killed, TTL 6, interval 3, s',
    '–',
    { figure: 'resumed after the bridge was killed, s' },
  ],
  ['the same: bridge hung, s', '–', { figure: 'resumed after the bridge hung, s' }],
  ['the same: Redis gone, lock TTL 10, circuit breaker 10, s', '–', { figure: 'resumed while Redis was gone, s' }],
  ['the same: Redis hung, lock TTL 10, circuit breaker 10, s', '–', { figure: 'resumed while Redis hung, s' }],
  ['until LiteLLM is silent after Redis went on, s', '–', { figure: 'quiet after Redis was back, s' }],
];

/** The table; a figure that the run did not come to is a question mark. */
export function measuredTable(figures: Figures): string {
  const cell = (one: Cell): string => (typeof one === 'string' ? one : String(figures.get(one.figure) ?? UNKNOWN));
  const rows = ROWS.map(([what, alone, withBridge]) => `| ${what} | ${cell(alone)} | ${cell(withBridge)} |`);
  return ['| | LiteLLM alone | with the bridge |', '|---|---|---|', ...rows].join('\n');
}

/** What a table shows. */
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

/** The whole page, or undefined where a figure is missing. */
export function pageWith(figures: Figures, cores: number): string | undefined {
  const table = measuredTable(figures);
  if (table.includes(UNKNOWN)) return undefined;
  return `# Measured: LiteLLM with the bridge, and without

Written by the suite that tests the bridge, \`npm run test:bridge -- --write\`: real LiteLLM 1.106.2, three pods, started one after the
other, one Redis, one upstream that counts, all on one machine with ${cores} cores. Where nothing else is said, interval and time for results are 20 s.
Seconds can be relied upon, tenths not: each figure is of one run. That LiteLLM sends no probe is tested for ten intervals each, with 20 s and with
its default 300 s as the time for results, and with a bridge that starts before its pods, after a round of theirs, and in the middle of one.

${table}

What counts as a probe: a request at the upstream that carries one of LiteLLM's probing questions, its client's own retries included; ours are told
by their user agent. An outage is an upstream that answers 500 from just after its last probe on, which is the worst moment there is: the
time counts until \`/health\` of the last LiteLLM pod lists the deployment as unhealthy.

With interval and time for results the same, the bridge is not the faster one. Both probe once per interval, and LiteLLM's pods look for results once
per interval, each at a moment of its own: the last one knows after an interval and up to another one. In seven runs that was 31 to 37 s for LiteLLM
alone, and 23 to 40 s with the bridge. LiteLLM alone with its default TTL of 300 s
knows after 300 s and up to an interval, however short that is: results that are young enough are looked at and not made anew. With the bridge
what is looked at is new, and to look costs a pod one small read of Redis and the upstream nothing. So give LiteLLM a short
\`health_check_interval\`, and say in \`fleet_health.interval\` how often to probe: [make it fast](../how-to/stop-litellm-probing.md#make-it-fast).

[Stop your LiteLLM fleet from probing](../how-to/stop-litellm-probing.md) says how to get there, and back.
`;
}
