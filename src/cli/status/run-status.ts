import { setTimeout as pause } from 'node:timers/promises';
import { clipLines, paintFor } from '../../terminal/index.ts';
import type { Paint } from '../../terminal/index.ts';
import type { FleetPage, PodAddress } from '../ask/index.ts';
import type { CliProcess } from '../cli-process.ts';
import { exitStatus } from '../exit-status.ts';
import { findWhy } from './find-why.ts';
import type { Finding } from './finding.ts';
import { moneyToday } from './money-today.ts';
import { pagesOf, readReports } from './pod-report.ts';
import type { PodReport } from './pod-report.ts';
import { filtered, isOpen } from './filter.ts';
import type { StatusFilter } from './filter.ts';
import type { TargetDetail } from './target-rows.ts';
import { statusLines } from './status-lines.ts';

export interface StatusOptions {
  readonly shows: 'status' | 'why';
  readonly output: 'lines' | 'json';
  /** Absent: all targets. */
  readonly filter?: StatusFilter;
  /** Time between two requests; absent: one request. */
  readonly watchMs?: number;
}

/** Shows the state of the fleet, once or until `end`, and sets the exit status by the last request. */
export async function runStatus(
  addresses: readonly PodAddress[],
  options: StatusOptions,
  { process, end }: { readonly process: CliProcess; readonly end: AbortSignal | undefined },
): Promise<void> {
  const { stdout } = process;
  const { filter = { groups: [], states: [] } } = options;
  const paint = paintFor(stdout);
  const detail = isOpen(filter) ? 'folded' : 'all';
  do {
    // oxlint-disable-next-line no-await-in-loop -- one request after the other
    const reports = filtered(await readReports(addresses, options.shows === 'why' ? 'alerts' : 'fleet'), filter);
    const findings = options.shows === 'why' ? findWhy(reports) : undefined;
    const text = options.output === 'json' ? asJson(reports, findings) : asLines(reports, { findings, paint, detail });
    // On a terminal the screen is redrawn; otherwise each state is written below the last.
    stdout.write(options.watchMs !== undefined && stdout.isTTY ? `\u001B[H\u001B[J${clipped(text, stdout)}` : text);
    process.exitCode = statusOf(reports, findings);
    if (options.watchMs === undefined) return;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pause(options.watchMs, undefined, { signal: end }).catch(() => {});
  } while (end?.aborted !== true);
}

function statusOf(reports: readonly PodReport[], findings: readonly Finding[] | undefined): number {
  if (pagesOf(reports).length === 0) return exitStatus.unreachable;
  if (findings?.some(({ level }) => level === 'problem') === true) return exitStatus.unhealthy;
  // As in `allswell check`: nothing is known to be wrong, and not all is known to be well.
  const open = findings?.some(({ code }) => code === 'target-not-judged') === true;
  return open ? exitStatus.notJudged : exitStatus.ok;
}

function asJson(reports: readonly PodReport[], findings: readonly Finding[] | undefined): string {
  const pods = reports.map((report) => {
    const { kind, url } = report;
    if (kind !== 'answered') return { url, unreachable: report.why };
    return { url, fleet: report.page, money_today: moneyToday(report.page), record_bytes: recordBytes(report.page) };
  });
  return `${JSON.stringify({ pods, ...(findings !== undefined && { findings }) })}\n`;
}

/** Bytes of the records' facts as JSON, which is how the store has them, behind a header of at most 67 bytes; null without records. */
function recordBytes({ targets }: FleetPage): { readonly mean: number; readonly max: number } | null {
  const sizes = targets.flatMap(({ record }) => (record === null ? [] : Buffer.byteLength(JSON.stringify(record))));
  if (sizes.length === 0) return null;
  const sum = sizes.reduce((all, size) => all + size, 0);
  return { mean: Math.round(sum / sizes.length), max: Math.max(...sizes) };
}

interface Shown {
  readonly findings: readonly Finding[] | undefined;
  readonly paint: Paint;
  readonly detail: TargetDetail;
}

function asLines(reports: readonly PodReport[], { findings, paint, detail }: Shown): string {
  const look = { shows: findings === undefined ? ('status' as const) : ('why' as const), detail };
  const parts = reports.map((report) =>
    report.kind === 'answered' ? statusLines(report.page, paint, look) : [paint('bad', report.why)],
  );
  if (findings !== undefined) parts.push(whyLines(findings, paint));
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What fits the terminal. One without a known size reports 0. */
function clipped(text: string, { columns, rows }: Pick<NodeJS.WriteStream, 'columns' | 'rows'>): string {
  const size = { columns: columns || 80, rows: rows || 24 };
  return `${clipLines(text.trimEnd().split('\n'), size, 'use a larger window, --group or --state').join('\n')}\n`;
}

function whyLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  if (findings.length === 0) return [paint('good', 'WHY: no findings')];
  return [
    paint('strong', `WHY ${findings.length}`),
    ...findings.flatMap(({ code, level, says, todo }) => [
      `  ${paint(level === 'problem' ? 'bad' : 'busy', code)}: ${says}`,
      `    ${todo}`,
    ]),
  ];
}
