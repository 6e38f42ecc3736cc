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
    .description('Check all models now; end with 0 only if each was judged and is healthy, drained ones aside')
    .allowExcessArguments(false)
    .addOption(
      new Option('-c, --config <file>', 'check what this file lists from here: no pod, no Redis (default: ask a pod)'),
    )
    .addOption(urlOption())
    .addOption(
      new Option('--model <name>', 'only this model group, upstream name or id; may be given several times')
        .default([], 'all models')
        .argParser(all),
    )
    .option('--json', 'one JSON document at the end (default: a line per target)')
    .option('--junit <file>', 'write a JUnit report to this file (default: none)');
  return withKeyOptions(command, 90)
    .addHelpText('after', holdsHelp)
    .addHelpText('after', exitHelp(ends, 'usage', 'notJudged', 'unreachable'))
    .action(check);
}

const ends = {
  ok: 'all that was asked for was judged and is healthy, drained targets aside',
  unhealthy: 'something is unhealthy, or all of it is drained',
};

const holdsHelp = `
What an operator decided counts, whatever the probes say. A target that is held
up is healthy. One that is drained is probed and shown, and is neither healthy
nor a failure; if all that was asked for is drained, the status is 1.

A probe that the upstream rejects proves nothing: a target that was up stays
healthy, with WARNING in its line, and one that was never judged stays so.`;

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
