import { createHash } from 'node:crypto';
import { knownRatio, uptimeRatio } from '../../history/index.ts';
import type { DayUptime, Uptime } from '../../history/index.ts';
import type { StoreTime } from '../../health/index.ts';
import { isoOf } from '../times.ts';
import { escaped } from './escape.ts';
import type { ShownGroup, ShownPast, ShownStatus } from './shown-status.ts';
import { minuteText } from './shown-state.ts';
import type { StateWords } from './state-words.ts';

/** An open page reloads itself, so that it does not show an old state as the present one. */
const RELOAD_SECONDS = 60;

const STYLE = `
:root{color-scheme:light dark;--good:#1a7f37;--part:#8a5a00;--bad:#b42318;--grey:#8c959f}
body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}
section{border-top:1px solid var(--grey);padding:.5rem 0}
h2{font-size:1.1rem;display:flex;justify-content:space-between;gap:1rem;overflow-wrap:anywhere}
.state{white-space:nowrap}
.state.good{color:var(--good)}.state.part{color:var(--part)}.state.bad{color:var(--bad)}
.days{display:flex;gap:2px;list-style:none;margin:0;padding:0}
.days li{flex:1;height:2rem;overflow:hidden;text-indent:-999rem;background:var(--grey)}
.days .good{background:var(--good)}.days .part{background:var(--part)}.days .bad{background:var(--bad)}
@media (prefers-color-scheme:dark){:root{--good:#3fb950;--part:#d29922;--bad:#f85149;--grey:#6e7681}}
`;

/** No script, no image, no other host: the one style of the page is allowed by its hash. */
export const STATUS_PAGE_POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The page as HTML. Every text of the configuration, of operators and of the fleet is escaped. */
export function statusPageHtml({ title, asOf, groups }: ShownStatus): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${RELOAD_SECONDS}">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${groups.map(groupHtml).join('\n')}
</main>
<footer><p>Page of ${timeHtml(asOf)}; it reloads every ${RELOAD_SECONDS} s. Days are UTC. Grey: no evidence for that time, so it counts neither as up nor as down.</p></footer>
</body>
</html>
`;
}

function groupHtml({ name, state: { symbol, word, look }, evidenceAt, past, notes }: ShownGroup): string {
  const state = `<span class="state ${look}"><span aria-hidden="true">${symbol}</span> ${word}</span>`;
  return [
    '<section>',
    `<h2><span>${escaped(name)}</span> ${state}</h2>`,
    ...(evidenceAt === null ? [] : [`<p>Newest evidence: ${timeHtml(evidenceAt)}.</p>`]),
    ...notes.map((note) => `<p>Maintenance: ${escaped(note)}</p>`),
    past === null ? '<p>The history is not available at the moment.</p>' : pastHtml(past),
    '</section>',
  ].join('\n');
}

function pastHtml({ total, begins, days, incidents }: ShownPast): string {
  const bars = days.map((day) => {
    const label = escaped(`${isoOf(day.from).slice(0, 10)}: ${uptimeWords(day)}`);
    return `<li class="${lookOf(day)}" title="${label}">${label}</li>`;
  });
  const list = incidents.map(({ startedAt, start, endedAt, end }) => {
    const from = `${timeHtml(startedAt)}${start === 'unknown' ? ' or earlier' : ''}`;
    const until = end === 'ongoing' ? 'now' : `${timeHtml(endedAt)}${end === 'unknown' ? ' or later' : ''}`;
    return `<li>Down from ${from} until ${until}</li>`;
  });
  return [
    `<ol class="days">${bars.join('')}</ol>`,
    `<p>Last ${days.length} days: ${totalHtml(total, begins)}.</p>`,
    ...(list.length === 0 ? [] : [`<h3>Incidents</h3>\n<ul>${list.join('\n')}</ul>`]),
  ].join('\n');
}

function lookOf(day: DayUptime): StateWords['look'] {
  if (day.upUs + day.downUs === 0) return 'grey';
  if (day.downUs === 0) return 'good';
  return day.upUs === 0 ? 'bad' : 'part';
}

/** The share of a window that began before the record would say nothing. */
function totalHtml(total: Uptime, begins: StoreTime | null): string {
  const up = uptimeRatio(total);
  if (begins === null || up === null) return uptimeWords(total);
  const known = knownRatio(total);
  const share = known === 1 ? '' : `, in the ${percent(known)} of that time that is known`;
  return `${percent(up)} up since the record begins, at ${timeHtml(begins)}${share}`;
}

function uptimeWords(uptime: Uptime): string {
  const up = uptimeRatio(uptime);
  if (up === null) return 'unknown';
  const known = knownRatio(uptime);
  return `${percent(up)} up${known === 1 ? '' : ` in the ${percent(known)} of the time that is known`}`;
}

/** Rounded down, so that only time without an outage is 100 %. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000) / 100} %`;
}

function timeHtml(at: StoreTime): string {
  return `<time datetime="${isoOf(at)}">${minuteText(at)}</time>`;
}
