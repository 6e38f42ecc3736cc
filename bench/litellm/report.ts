import type { Calls, Figures } from './figures.ts';
import { KINDS } from './outage.ts';
import type { OutageKind } from './outage.ts';
import { HIT, PROBE_INTERVAL_S, TIMEOUT_S, VARIANTS } from './variants.ts';
import type { VerdictSeries } from './verdict-series.ts';

export const OUTAGES_PAGE = 'docs/reference/bridge-outages.md';

export interface Results {
  /** UTC days of the newest measurement, as `2026-11-30`. */
  readonly outagesDay: string;
  readonly verdictsDay: string;
  readonly cores: number;
  readonly version: string;
  readonly outages: readonly Figures[];
  readonly verdicts: VerdictSeries | null;
}

const TITLES: Readonly<Record<OutageKind, string>> = {
  '500': 'Every answer is 500',
  refused: 'Connections are refused',
  hang: 'No answer comes',
  '429': 'Every answer is 429, without Retry-After',
};

type Row = readonly [what: string, of: (figures: Figures) => string];

const ROWS: readonly Row[] = [
  [
    "from the outage's beginning to the last request before the first pause of 2 s, s (none: no such pause)",
    ({ silentAfterS }) => both(silentAfterS, seconds),
  ],
  ['requests after that pause', ({ laterRequests }) => both(laterRequests, String)],
  [
    'requests at the failing deployment per minute',
    ({ wastedPerMinute }) => both(wastedPerMinute, (n) => String(Math.round(n))),
  ],
  ['failed requests of callers, `num_retries: 0`', ({ calls }) => callsText(calls.plain)],
  ['failed requests of callers, `num_retries: 2`', ({ calls }) => callsText(calls.retried)],
  ['repair to the first request, s (0.0 where requests never stopped)', ({ recoveryS }) => both(recoveryS, seconds)],
  ['beginning to the verdict `down`, s', (one) => verdicts(one, 'downS')],
  ['verdict `down` to the last request, s', (one) => verdicts(one, 'avoidedS')],
  ['end of that verdict to the first request, s', (one) => verdicts(one, 'backS')],
  [
    'probes per minute, of LiteLLM and of allswell',
    ({ probesPerMinute: { litellm, allswell } }) => `${litellm.toFixed(1)} and ${allswell.toFixed(1)}`,
  ],
  ['USD for probes per day, at the prices below', ({ usdPerDay }) => usdPerDay.toFixed(2)],
  [
    'Redis commands per second for cooldowns, of allswell',
    ({ variant, redisPerSecond }) => (variant === 'bridge' ? redisPerSecond.toFixed(1) : '–'),
  ],
];

/** The page with all figures, or undefined if a case is missing. */
export function outagesPage(results: Results): string | undefined {
  const tables = KINDS.map((kind) => tableOf(kind, results.outages));
  const { verdicts: series, version, cores, outagesDay, verdictsDay } = results;
  if (series === null || tables.includes(undefined)) return undefined;
  return `# Measured: outages under traffic

Written by \`npm run bench:litellm\`; outages measured on ${outagesDay}, verdicts on ${verdictsDay}: three real LiteLLM ${version} pods, one Redis, one
upstream and the load on one machine with ${cores} cores. Each figure is of one outage, except those of [verdicts](#from-a-verdict-to-the-requests).
The suite repeats [a short part](../../test/bridge/outage.test.ts) of it with limits.

20 requests per second come evenly to two groups. \`pair\` has two deployments; one fails. \`chain\` has one deployment, which
fails, and a fallback group. Where a cell has two values, the first is of \`pair\`, the second of \`chain\`. Half of the requests ask for
\`num_retries: 2\`. The timeout of requests and probes is ${TIMEOUT_S} s. An outage begins at second 30 of a minute, because LiteLLM counts
failures and successes of each minute, and takes ${results.outages[0]?.lastsS.toFixed(0)} s.

- *Shared health*: \`background_health_checks\`, \`use_shared_health_check\` and \`enable_health_check_routing\`, interval and TTL ${PROBE_INTERVAL_S} s. LiteLLM's cooldowns are on.
- *Own cooldowns*: no health checks, LiteLLM's default settings for cooldowns.
- *Bridge*: the file of [the how-to](../how-to/stop-litellm-probing.md) with events, probe interval ${PROBE_INTERVAL_S} s.

${KINDS.map((kind, i) => `## ${TITLES[kind]}\n\n${tables[i]}`).join('\n\n')}

## From a verdict to the requests

${series.avoidedS.length} verdicts on deployments whose requests succeed, so that LiteLLM has no cooldown of its own: only the bridge's probes fail, every
${2} s. 40 requests per second, three LiteLLM pods; ${series.failedCalls} requests failed.

| s | median | longest |
|---|--:|--:|
| verdict \`down\` to the last request of all pods | ${spread(series.avoidedS)} |
| verdict \`up\` to the first request | ${spread(series.backS)} |

## What the figures mean

- LiteLLM cools a deployment of a group with others once more than half of at least five requests of a minute failed in one pod, and after each 429, 401,
  402 or 404: for 5 s, then it tries again. It does not cool the only deployment of a group for the errors of these outages, even if the group has a fallback
  group: each request goes there first.
- With the bridge, failed requests reach allswell by [events](../how-to/stop-litellm-probing.md#feed-allswell-with-litellms-traffic) and by LiteLLM's
  cooldown keys. Either makes one confirming probe due at once, and that probe decides.
- A 429 without Retry-After makes a target \`degraded\`. One witness of it starts no cooldown; two do, until the next good answer. In outages
  measured before 2026-11-30, only \`down\` started a cooldown after such a 429. A target is \`down\` after three in a row without a good answer, and the probes that
  count are the edge interval (5 s) and then 10 s apart. So the verdict on \`chain\` takes about 15 s, and its requests failed over one by one until then.
  \`chain\` was not spared as the last of its group: its fallback group works.
- LiteLLM itself cools the deployment of \`pair\` after a 429. allswell takes the 5 s of that cooldown for a Retry-After, and probes when they have passed, not
  10 s apart. So the verdict on \`pair\` comes earlier; which answers counted was not traced.
- If no answer comes, requests fail only after their timeout, and so does the confirming probe: the verdict takes twice the timeout.
- Requests after the pause are single ones, up to a few in 45 s. In the one trace that was read, a LiteLLM pod routed a request in the moment in which
  its copy of a cooldown, 3 s old at most, had ended and the key was being read again. After a repair, such a request can be the first
  success, before any probe; \`none\` then means that the recording ended before the next request.
- A recovery is noticed by the next probe, after at most one interval. LiteLLM without health checks tries with users' requests instead.
- A probe is counted as 12 tokens and an answer of 5, at 2.50 and 10.00 USD for a million.
`;
}

function tableOf(kind: OutageKind, outages: readonly Figures[]): string | undefined {
  const cases = VARIANTS.map((variant) => outages.find((one) => one.variant === variant && one.kind === kind));
  if (cases.includes(undefined)) return undefined;
  const rows = ROWS.map(([what, of]) => `| ${[what, ...cases.flatMap((one) => (one ? of(one) : []))].join(' | ')} |`);
  return ['| | shared health | own cooldowns | bridge |', '|---|--:|--:|--:|', ...rows].join('\n');
}

function both<T>(values: Readonly<Record<(typeof HIT)[number], T>>, show: (value: T) => string): string {
  return HIT.map((model) => show(values[model])).join(', ');
}

function verdicts({ verdictS }: Figures, name: 'downS' | 'avoidedS' | 'backS'): string {
  return verdictS === null ? '–' : both(verdictS, (one) => seconds(one[name]));
}

function seconds(value: number | null): string {
  return value === null ? 'none' : value.toFixed(1);
}

function callsText({ sent, failed }: Calls): string {
  return `${failed} of ${sent} (${((failed * 100) / sent).toFixed(1)} %)`;
}

function spread(sorted: readonly number[]): string {
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(2);
  return `${at(0.5)} | ${at(1)}`;
}
