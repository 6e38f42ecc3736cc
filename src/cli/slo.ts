import { Command, Option } from 'commander';
import { sloCsv } from '../api/index.ts';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';
import { paintFor } from '../terminal/index.ts';

interface SloFlags extends AddressFlags {
  readonly json?: true;
  readonly csv?: true;
}

/** `allswell slo`: error budgets of model groups. */
export function sloCommand(): Command {
  const command = new Command('slo')
    .description(
      'Show the objectives of model groups (fleet_health.slo), what is left of their error budgets, and burn rates',
    )
    .argument('[group]', 'model group or alias (default: all groups with an objective)')
    .allowExcessArguments(false)
    .addOption(urlOption())
    .option('--json', 'print one JSON document: GET /fleet/slo (default: text)')
    .addOption(new Option('--csv', 'print a table as CSV: a row for each group (default: text)').conflicts('json'));
  return withKeyOptions(command, 5)
    .addHelpText('after', sloHelp)
    .addHelpText(
      'after',
      exitHelp(
        {
          ok: 'shown; no error budget is spent',
          unhealthy: 'shown; the error budget of at least one group is spent',
          usage: 'the command line is invalid, or no group has that name, or it has no objective',
        },
        'unreachable',
      ),
    )
    .action(showSlo);
}

const sloHelp = `
Only known time counts: without evidence, a group is neither up nor down.
Burn rate 1 uses the error budget of a window in just this window.`;

async function showSlo(group: string | undefined, { json, csv, ...flags }: SloFlags): Promise<void> {
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') return end(exitStatus.usage, read.why);
  // Loaded only now: help and version need nothing of it.
  const { readSlo } = await import('./slo/read-slo.ts');
  const { sloLines } = await import('./slo/slo-lines.ts');
  const found = await readSlo(read.address, group);
  if (found.kind === 'none') return end(exitStatus.usage, found.why);
  if (found.kind === 'unreachable') return end(exitStatus.unreachable, found.why);
  const { body } = found;
  if (csv === true) process.stdout.write(sloCsv(body));
  else if (json === true) process.stdout.write(`${JSON.stringify(body)}\n`);
  else process.stdout.write(`${sloLines(body, paintFor(process.stdout)).join('\n')}\n`);
  if (body.groups.some(({ budget_state: state }) => state === 'spent')) process.exitCode = exitStatus.unhealthy;
}

function end(status: number, why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = status;
}
