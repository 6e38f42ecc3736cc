import { readFileSync } from 'node:fs';
import type { ScrapedPage, ScrapeResults } from '../bench/metrics/results.ts';

/** Before metrics of the fleet had a page of their own; measured by the same program at the commit before. */
const BEFORE: ScrapedPage = {
  path: '/metrics',
  seriesPerTarget: 23,
  otherSeries: 300,
  bytes: 2_345_298,
  gzippedBytes: 2_345_271,
  medianMs: 110.4,
  medianGzippedMs: 101.9,
};

/** The section of measured figures, from bench/results/metrics.json. */
export function metricsMeasured(): string {
  const results = JSON.parse(readFileSync('bench/results/metrics.json', 'utf8')) as ScrapeResults;
  const [before, ...now] = [
    row(BEFORE, `\`${BEFORE.path}\`, development versions before 2026-11-30`),
    ...results.pages.map((page) => row(page)),
  ];
  return `
## Measured

One scrape of a pod with ${thousands(results.targets)} probed targets with prices in ${results.targets / 4} model groups, without holds and failures:

| page | series per target | other series | bytes | bytes with gzip | time, ms | with gzip, ms |
|---|--:|--:|--:|--:|--:|--:|
${[before, ...now].join('\n')}

With 30 pods, a round of scrapes is ${total(results)} kB with gzip in place of ${thousands(Math.round((30 * BEFORE.gzippedBytes) / 1_000))} kB. Other series of \`/metrics/fleet\` are two per
model group and 13. A failing, held or flagged target has one series more for each of these facts.
Requests add series to \`/metrics\` by group and deployment, as far as it has had any, and each limit of a deployment one on each page. A page is written one metric after the other, and
compressed in another thread.

Measured by \`node bench/metrics/main.ts --write\` on ${results.day} (${results.machine}): median
of nine scrapes over loopback, by a client in the same process, on a machine with other work. A unit test holds the numbers of series.
`;
}

function row(page: ScrapedPage, name = `\`${page.path}\``): string {
  const { seriesPerTarget, otherSeries, bytes, gzippedBytes, medianMs, medianGzippedMs } = page;
  const sizes = [bytes, gzippedBytes].map(thousands).join(' | ');
  return `| ${name} | ${seriesPerTarget} | ${otherSeries} | ${sizes} | ${Math.round(medianMs)} | ${Math.round(medianGzippedMs)} |`;
}

function total({ pages }: ScrapeResults): string {
  const [pod, fleet] = pages;
  return thousands(Math.round((30 * (pod?.gzippedBytes ?? 0) + (fleet?.gzippedBytes ?? 0)) / 1_000));
}

function thousands(value: number): string {
  return value.toLocaleString('en-US');
}
