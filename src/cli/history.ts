import { Command, InvalidArgumentError, Option } from 'commander';
import { pastCsv } from '../api/index.ts';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';
import { paintFor } from '../terminal/index.ts';

interface HistoryFlags extends AddressFlags {
  readonly limit: number;
  readonly failed?: true;
  readonly json?: true;
  readonly csv?: true;
  readonly group?: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
}

const LIMIT = 20;
const MAX_LIMIT = 1_000;
const SINCE = '7d';

/** `allswell history`: what probes of a target found, or the uptime of a model group. */
export function historyCommand(): Command {
  const command = new Command('history')
    .description(
      "Show results of a target's probes from the fleet's history, newest first, or the uptime of a model group",
    )
    .argument('[target]', 'target id, model_id, name, or name@host; a name shows all targets that have it')
    .allowExcessArguments(false)
    .addOption(urlOption())
    .addOption(new Option('--limit <number>', 'results per target, 1 to 1000').default(LIMIT).argParser(limitOf))
    .option('--failed', 'only probes that failed (default: all)')
    .option('--group <name>', 'uptime and incidents of this model group (default: results of a target)')
    .addOption(
      new Option(
        '--since <time>',
        `hours or days until now, such as 24h or 30d, at most 90d (default: ${SINCE} of a group, everything of a target)`,
      ).argParser(sinceOf),
    )
    .option(
      '--from <time>',
      'begin in place of --since: 2026-11-22T02:00:00Z, or 02:00 for the last 02:00 in UTC (default: --since)',
    )
    .option(
      '--to <time>',
      'with --from: end, not included: a time, or 03:00 for the first 03:00 in UTC after --from (default: now)',
    )
    .option(
      '--json',
      'print one JSON document: targets, each with its results; a group: GET /fleet/history (default: text)',
    )
    .addOption(
      new Option(
        '--csv',
        'print a table as CSV: a row for each result; a group: for its window, days and targets (default: text)',
      ).conflicts('json'),
    );
  return withKeyOptions(command, 5)
    .addHelpText('after', historyHelp)
    .addHelpText(
      'after',
      exitHelp(
        { ok: 'shown', usage: 'the command line is invalid, or no target or group has that name' },
        'unreachable',
      ),
    )
    .action(showHistory);
}

const historyHelp = `
The history has the first result of each hour and each that differs from the one
before it.`;

function limitOf(text: string): number {
  const limit = Number(text);
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_LIMIT}.`);
}

function sinceOf(text: string): string {
  const days = Number.parseInt(text, 10) / (text.endsWith('h') ? 24 : 1);
  if (/^[1-9]\d{0,3}[hd]$/.test(text) && days <= 90) return text;
  throw new InvalidArgumentError('It must be a number of hours or days, such as 24h or 7d, at most 90d.');
}

async function showHistory(word: string | undefined, flags: HistoryFlags): Promise<void> {
  if ((word === undefined) === (flags.group === undefined)) {
    return end(exitStatus.usage, 'Name either a target or --group');
  }
  if (flags.since !== undefined && (flags.from ?? flags.to) !== undefined) {
    return end(exitStatus.usage, 'Give either --since, or --from and --to');
  }
  await (word === undefined ? showUptime(flags.group ?? '', flags) : showResults(word, flags));
}

async function showUptime(group: string, { since, from, to, json, csv, ...flags }: HistoryFlags): Promise<void> {
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') return end(exitStatus.usage, read.why);
  const { readContext, readUptime } = await import('./history/read-uptime.ts');
  const { rangeText } = await import('./history/history-range.ts');
  const { uptimeLines } = await import('./history/uptime-lines.ts');
  const range = (from ?? to) === undefined ? { since: since ?? SINCE } : { from, to };
  const [found, context] = await Promise.all([readUptime(read.address, group, range), readContext(read.address)]);
  if (found.kind === 'none') return end(exitStatus.usage, found.why);
  if (found.kind === 'unreachable') return end(exitStatus.unreachable, found.why);
  if (csv === true) return void process.stdout.write(pastCsv(found.body));
  const lines = uptimeLines(found.body, { ...context, span: rangeText(range) }, paintFor(process.stdout));
  process.stdout.write(`${json === true ? JSON.stringify(found.body) : lines.join('\n')}\n`);
}

function end(status: number, why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = status;
}

async function showResults(
  word: string,
  { limit, failed, json, csv, since, from, to, ...flags }: HistoryFlags,
): Promise<void> {
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') return end(exitStatus.usage, read.why);
  // Loaded only now: help and version need nothing of it.
  const { readHistories } = await import('./history/read-histories.ts');
  const { historyCsv, historyLines } = await import('./history/history-lines.ts');
  const results = failed === true ? ('failed' as const) : ('all' as const);
  const found = await readHistories(read.address, word, { limit, results, range: { since, from, to } });
  if (found.kind === 'none') return end(exitStatus.usage, found.why);
  if (found.kind === 'unreachable') return end(exitStatus.unreachable, found.why);
  const { now, histories, namePod } = found;
  if (csv === true) return void process.stdout.write(historyCsv(histories));
  const text =
    json === true
      ? JSON.stringify({ now, targets: histories.map(({ history }) => history) })
      : histories
          .map((history) => historyLines(history, { now, namePod, paint: paintFor(process.stdout) }).join('\n'))
          .join('\n\n');
  process.stdout.write(`${text}\n`);
}
