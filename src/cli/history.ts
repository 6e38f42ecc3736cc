import { Command, InvalidArgumentError, Option } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';
import { paintFor } from '../terminal/index.ts';

interface HistoryFlags extends AddressFlags {
  readonly limit: number;
  readonly failed?: true;
  readonly json?: true;
}

const LIMIT = 20;
const MAX_LIMIT = 1_000;

/** `allswell history`: what probes of a target found. */
export function historyCommand(): Command {
  const command = new Command('history')
    .description("Show results of a target's probes from the fleet's history, newest first")
    .argument('<target>', 'target id, model_id, name, or name@host; a name shows all targets that have it')
    .allowExcessArguments(false)
    .addOption(urlOption())
    .addOption(new Option('--limit <number>', 'results per target, 1 to 1000').default(LIMIT).argParser(limitOf))
    .option('--failed', 'only probes that failed (default: all)')
    .option('--json', 'print one JSON document: targets, each with its results (default: text)');
  return withKeyOptions(command, 5)
    .addHelpText('after', historyHelp)
    .addHelpText(
      'after',
      exitHelp({ ok: 'shown', usage: 'the command line is invalid, or no target has that name' }, 'unreachable'),
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

async function showHistory(word: string, { limit, failed, json, ...flags }: HistoryFlags): Promise<void> {
  const end = (status: number, why: string): void => {
    process.stderr.write(`${why}\n`);
    process.exitCode = status;
  };
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') return end(exitStatus.usage, read.why);
  // Loaded only now: help and version need nothing of it.
  const { readHistories } = await import('./history/read-histories.ts');
  const { historyLines } = await import('./history/history-lines.ts');
  const results = failed === true ? ('failed' as const) : ('all' as const);
  const found = await readHistories(read.address, word, { limit, results });
  if (found.kind === 'none') return end(exitStatus.usage, found.why);
  if (found.kind === 'unreachable') return end(exitStatus.unreachable, found.why);
  const { now, histories, namePod } = found;
  const text =
    json === true
      ? JSON.stringify({ now, targets: histories.map(({ history }) => history) })
      : histories
          .map((history) => historyLines(history, { now, namePod, paint: paintFor(process.stdout) }).join('\n'))
          .join('\n\n');
  process.stdout.write(`${text}\n`);
}
