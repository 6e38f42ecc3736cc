import { Command, Option } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';

interface CheckFlags extends AddressFlags {
  readonly config?: string;
  readonly model: readonly string[];
  readonly json?: true;
  readonly junit?: string;
}

/** `allswell check`: is everything well, right now? */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('Check all models now; the exit status is 0 if every target that is not drained is healthy')
    .allowExcessArguments(false)
    .addOption(
      new Option(
        '-c, --config <file>',
        'check the models of this file from this machine, without a pod or Redis (default: ask a pod)',
      ),
    )
    .addOption(urlOption())
    .addOption(
      new Option('--model <name>', 'only this model group, upstream name, id or name@host; may be repeated')
        .default([], 'all models')
        .argParser(all),
    )
    .option('--json', 'print one JSON document at the end (default: one line per target)')
    .option('--junit <file>', 'write a JUnit report to this file (default: none)');
  return withKeyOptions(command, 90)
    .addHelpText('after', holdsHelp)
    .addHelpText('after', exitHelp(ends, 'usage', 'notJudged', 'unreachable'))
    .action(check);
}

const ends = {
  ok: 'all selected targets that are not drained are healthy',
  unhealthy: 'a target is unhealthy, or all targets are drained',
};

const holdsHelp = `
Holds take precedence over probes. A target held up counts as healthy. A drained
target is probed and shown, but its result is ignored. If all selected targets
are drained, the exit status is 1.

If the upstream rejects the probe request itself, the last verdict stays: a
target that was up counts as healthy, with WARNING in its line; a target without
a verdict counts as not judged.`;

function all(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function check({ config, model, json, junit, ...flags }: CheckFlags, command: Command): Promise<void> {
  const refuse = (why: string): void => {
    process.stderr.write(`${why}\n`);
    process.exitCode = exitStatus.usage;
  };
  if (config !== undefined && command.getOptionValueSource('url') === 'cli') {
    return refuse('Give --config or --url, not both.');
  }
  const options = {
    models: model,
    output: json === true ? ('json' as const) : ('lines' as const),
    timeoutMs: flags.timeout * 1_000,
    ...(junit !== undefined && { junit }),
  };
  // Loaded only now: help and version need nothing of it.
  const { runCheck } = await import('./check/run-check.ts');
  if (config === undefined) {
    const read = readAddress(flags, process.env);
    if (read.kind === 'refused') return refuse(read.why);
    const { podSource } = await import('./check/pod-source.ts');
    return await runCheck(podSource(read.address), options, process);
  }
  const { fileSource } = await import('./check/file-source.ts');
  const opened = fileSource(config, process.env);
  if (opened.kind === 'refused') return refuse(opened.problems);
  await runCheck(opened.source, options, process);
}
